"""The commands of `tidegate`, one file each. A command is a `Command` value named COMMAND; `gateway.cli` lists them."""
