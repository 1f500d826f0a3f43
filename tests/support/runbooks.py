"""What a runbook holds, taken apart: sections, shell lines, queries. A runbook is deploy/runbooks/<alert>.md; its form is checked by tests/alerts/test_runbooks.py."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "runbooks"
SECTIONS = ("What it means", "How to look", "What to do", "When it is safe to ignore", "What must not be done")
# What stands for the labels of an alert and for the places of a gate, as a reader would set them.
VARIABLES = {
    "APP": "checkout", "PROVIDER": "openai", "MODEL": "gpt-4.1-mini", "WORKER": "worker-0", "DETECTOR": "pii", "DATA": "/var/lib/tidegate", "GATE": "http://127.0.0.1:8080",
    "ADMIN": "http://127.0.0.1:8081", "ALERTMANAGER": "http://127.0.0.1:9093", "BASE_URL": "https://api.example.com", "HOST": "api.example.com", "CA_FILE": "ca.pem",
    "OTLP": "http://127.0.0.1:4318", "TIDEGATE_ADMIN_TOKEN": "token",
}  # fmt: skip
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_INLINE = re.compile(r"`([^`]+)`")
_VARIABLE = re.compile(r"\$\{?([A-Z_]+)\}?")


@dataclass(frozen=True, slots=True)
class Runbook:
    """text: the whole page. name: of the alert, by the file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.stem

    def fenced(self, language: str) -> list[str]:
        """The lines of all blocks in a language, empty ones left out."""
        return [line for kind, block in _FENCE.findall(self.text) if kind == language for line in block.splitlines() if line.strip()]

    def commands(self) -> list[list[str]]:
        """Each `tidegate ...` in a block or in the text, as arguments, variables filled in; what a shell would add or pipe is left out.

        Words in capitals stand for a value there, and so may stand here. A command that is only named (`tidegate drift`) is not one.
        """
        plain = _FENCE.sub("", self.text)
        inline = [code for found in _INLINE.findall(plain) if (code := " ".join(found.split())).startswith("tidegate ")]
        found = []
        for line in (*self.fenced("sh"), *inline):
            for part in split_at_pipes(line):
                if part and part[0] == "tidegate" and part[1:] and part[1:] != ["..."]:
                    found.append(part[1:])
        return found

    def queries(self) -> list[str]:
        """What `tidegate sql` is asked."""
        return [command[-1] for command in self.commands() if command[0] == "sql" and " " in command[-1]]

    def sections(self) -> dict[str, str]:
        """Their texts, by title, in order."""
        parts = re.split(r"^## (.+)$", self.text, flags=re.M)
        return {title.strip(): body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def filled(text: str, **more: str) -> str:
    """Variables as a shell in which somebody has set them would put them in. Raises KeyError for one that no page explains."""
    return _VARIABLE.sub(lambda found: ({**VARIABLES, **more})[found[1]], text)


def split_at_pipes(line: str) -> list[list[str]]:
    """A line's commands, as their words."""
    words = shlex.shlex(filled(line), posix=True, punctuation_chars="|;<>&")
    words.whitespace_split = True
    words.commenters = ""
    parts: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set("|;&"):
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def runbooks() -> list[Runbook]:
    """All of them, by name."""
    return [Runbook(path, path.read_text()) for path in sorted(FOLDER.glob("*.md")) if path.stem != "README"]
