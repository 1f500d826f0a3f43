"""The guard: policy, what it makes of findings, and the application to bodies and streams. No I/O, no clock: both planes use it."""
