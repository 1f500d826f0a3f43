"""What shows Tidegate working with nothing but this machine: a simulated provider and the traffic of two apps."""
