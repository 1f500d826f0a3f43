"""The store: ClickHouse, as a process of our own or anybody's server; its schema, how rows go in and how they are read back."""
