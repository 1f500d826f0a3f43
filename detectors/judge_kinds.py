"""What the judges find, for who must know it without loading them: numpy and a model are for the detector pool alone.

MODERATION: OpenAI's categories, of which a service may find all; which of them the local model can see is its own word (detectors.moderation).
"""

from __future__ import annotations

MODERATION = frozenset(
    "harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm self-harm/intent self-harm/instructions sexual sexual/minors violence violence/graphic".split()  # noqa: SIM905
)
INJECTION = frozenset("INJECTION INSTRUCTION_OVERRIDE ROLE_PLAY EXFILTRATION HIDDEN_TEXT TEMPLATE_TOKENS ADDRESSES_MODEL".split())  # noqa: SIM905
FORMAT = frozenset("NOT_JSON SCHEMA PATTERN TOO_LONG TOO_SHORT LANGUAGE MISSING_PHRASE FORBIDDEN_PHRASE EMPTY".split())  # noqa: SIM905
GROUNDING = frozenset("UNSUPPORTED_NUMBER UNSUPPORTED_NAME UNSUPPORTED_QUOTE UNKNOWN_SOURCE".split())  # noqa: SIM905
