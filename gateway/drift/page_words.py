"""Text into a page: whatever it holds, it stays text."""

from __future__ import annotations

import html


def safe(text: str) -> str:
    """For an element or a quoted attribute. Characters that no page may hold are shown as the replacement character."""
    return html.escape("".join(char if char.isprintable() or char in "\n\t" else " " if char.isspace() else "�" for char in text), quote=True)


def number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")
