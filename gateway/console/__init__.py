"""The admin port: health, metrics and the record read back. It serves people and monitoring, never an app's traffic."""
