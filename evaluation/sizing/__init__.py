"""What an exchange takes on disk and of processors, for deploy/SIZING.md."""
