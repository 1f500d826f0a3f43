"""Tidegate: the gate between an organisation's apps and its LLM providers. See gateway/README.md."""

__version__ = "0.1.0"
