"""What the judges find, each in a few words, for who must know it without loading them: numpy and a model are for the detector pool alone."""

from __future__ import annotations

MODERATION: dict[str, str] = {  # OpenAI's categories. A service may find all; which of them the local model can see: detectors.moderation
    "harassment": "insults or bullies somebody",
    "harassment/threatening": "and threatens them (a service alone)",
    "hate": "demeans people for what they are: origin, religion, gender, disability ...",
    "hate/threatening": "and threatens them",
    "illicit": "asks for or gives help with a crime",
    "illicit/violent": "with weapons or violence (a service alone)",
    "self-harm": "speaks of hurting or killing oneself",
    "self-harm/intent": "and means to (a service alone)",
    "self-harm/instructions": "says how (a service alone)",
    "sexual": "meant to arouse, or sells sex",
    "sexual/minors": "sexual, with somebody under 18",
    "violence": "death, violence, injury",
    "violence/graphic": "in detail",
}
BY_SERVICE = frozenset(kind for kind, what in MODERATION.items() if what.endswith("(a service alone)"))
INJECTION: dict[str, str] = {
    "INJECTION": "the whole text looks like an attempt to take over the model; the one to write a rule on",
    "INSTRUCTION_OVERRIDE": "tells the model to forget its instructions",
    "ROLE_PLAY": "makes it play somebody without rules",
    "EXFILTRATION": "asks for its instructions or keys, or sends data elsewhere",
    "HIDDEN_TEXT": "text that people do not see, or see as something else",
    "TEMPLATE_TOKENS": "marks of a chat template, such as <|im_start|>",
    "ADDRESSES_MODEL": "material (a document, a tool's result) that speaks to the model",
}
FORMAT: dict[str, str] = {
    "NOT_JSON": "is no JSON",
    "SCHEMA": "is not what its JSON Schema says",
    "PATTERN": "does not match",
    "TOO_LONG": "longer than allowed",
    "TOO_SHORT": "shorter than allowed",
    "LANGUAGE": "in another language",
    "MISSING_PHRASE": "lacks a phrase",
    "FORBIDDEN_PHRASE": "holds a phrase that it must not",
    "EMPTY": "holds nothing that can be seen",
}
GROUNDING: dict[str, str] = {
    "UNSUPPORTED_NUMBER": "a number, amount or date that stands nowhere in what was asked",
    "UNSUPPORTED_NAME": "a name that stands nowhere in it",
    "UNSUPPORTED_QUOTE": "a quotation of something that does not stand there",
    "UNKNOWN_SOURCE": "cites a source that was not given",
}
