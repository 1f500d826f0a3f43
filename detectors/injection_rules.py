"""Phrases by which text tries to take over a model: what each is worth, and where it stands.

Rules of this file: a rule is some anchors (plain lower-case substrings, found at the speed of `str.find`) and an expression that is tried where an anchor
stands, and nowhere else. No expression can look further than some 400 characters, and all are tried at most TRIES times, and once more for
every CHARS_A_TRY characters, so the cost is linear with a small factor on hostile text too; that something was left untried is said (`Hits.skipped`).

A weight is how much the phrase alone says, from 0 to 1: half and more is enough for an alarm. Phrases of one kind that stand near each other add up
(`combined`). A phrase in quotation marks counts half: articles quote attacks. Each rule has a weight for what a user says and one for
material (tool results, documents): text in a document that addresses whatever model reads it has no business there.

English throughout, the commonest overrides in a dozen other languages; other wordings are for the statistical judgement (detectors.injection).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from detectors.folding import fold
from detectors.later import later

INSTRUCTION_OVERRIDE, ROLE_PLAY, EXFILTRATION = "INSTRUCTION_OVERRIDE", "ROLE_PLAY", "EXFILTRATION"
HIDDEN_TEXT, TEMPLATE_TOKENS, ADDRESSES_MODEL = "HIDDEN_TEXT", "TEMPLATE_TOKENS", "ADDRESSES_MODEL"
TRIES, CHARS_A_TRY = 4096, 32  # expressions tried on one text; a rule has a quarter of them at most
NEAR = 1200  # characters: phrases within so many add up
_QUOTES = frozenset("\"'`")

S = r"[\W_]{1,4}"


def gap(words: int) -> str:
    """Up to so many words between."""
    return rf"(?:[^\W_]{{1,24}}[\W_]{{1,4}}){{0,{words}}}?"


class Hit(NamedTuple):
    """A phrase: where it stands in the text that was read (code points), what it is worth, and the number of its rule."""

    kind: str
    start: int
    end: int
    weight: float
    rule: int


@dataclass(frozen=True, slots=True)
class Rule:
    """anchors: lower case; "=" before one: what stands in the text must be upper case.  tail: matched at the anchor, on lower-cased text.  user, material: weights."""

    kind: str
    anchors: tuple[str, ...]
    tail: re.Pattern[str]
    user: float
    material: float


def _rule(kind: str, anchors: str, tail: str, user: float, material: float | None = None) -> Rule:
    """anchors: split at `;`.  tail: what follows the anchor's own characters, which it does not repeat."""
    words = tuple(anchors.split(";"))
    bare = "|".join(re.escape(word.removeprefix("=")) for word in sorted(words, key=len, reverse=True))
    begin = r"(?<![^\W_])" if words[0].removeprefix("=")[:1].isalnum() else ""
    return Rule(kind, words, later(f"{begin}(?:{bare}){tail}"), user, user if material is None else material)


_IGNORE = "ignore;ignoring;disregard;disregarding;forget;dismiss;discard;neglect;overlook;abandon;do not follow;don't follow;stop following;pay no attention to;override;overrule;bypass;circumvent;set aside;drop;erase;cancel;violate;stop obeying;do not obey;nullify"
_STRONG = r"(?:instructions?|prompts?|directives?|guidelines?|rules|commands|programming|constraints?|restrictions|guardrails|safeguards|safety (?:measures|filters?|protocols?)|training|limitations|orders|guidance|policies|protocols?)(?![^\W_])"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing|original|initial|system|your|past|former|given|hidden|developer|safety|previously|existing|pre-?set|built-in|content)"
_MODEL = r"(?:ais?|llms?|(?:large |ai )?language models?|ai (?:assistants?|models?|agents?|systems?)|assistants?|chat ?bots?|chatgpt|gpt(?:-?\d\w?)?|claude|gemini|copilot|agents?|models?|summari[sz]ers?|automated (?:readers?|systems?|agents?))"
_BARE = r"(?:restrictions?|limitations?|limits|filters?|filtering|rules|guidelines|constraints|censorship|ethics|ethical|moral(?:s|ity)?|safety|boundaries|polic(?:y|ies)|content polic)"

RULES: tuple[Rule, ...] = (
    # Override.
    _rule(INSTRUCTION_OVERRIDE, _IGNORE, rf"{S}{gap(4)}{_EARLIER}{S}{gap(2)}{_STRONG}", 0.9),
    _rule(INSTRUCTION_OVERRIDE, _IGNORE, rf"{S}{gap(2)}(?:all|any|every|these|those|the|its|of){S}{gap(1)}(?:instructions|guidelines|directives|programming|constraints|restrictions|guardrails|safeguards|prompts)(?![^\W_])", 0.4, 0.35),
    _rule(INSTRUCTION_OVERRIDE, _IGNORE, rf"{S}{gap(3)}(?:instructions|rules|prompt|directions|text|orders|everything|all|anything|statements?|what){S}{gap(4)}(?:above|before|previously|earlier|so far|up to now|until now|you were (?:told|given|taught)|you have been (?:told|given|taught)|you(?:'ve| have) (?:learn|been))", 0.65),
    _rule(INSTRUCTION_OVERRIDE, _IGNORE, rf"{S}(?:all |everything )?(?:the )?(?:above|previous|prior|preceding)(?=[^\w\s]|\s+(?:and|then|instead|now|just|but)(?![^\W_])|\s*$|\s*\n)", 0.6),
    _rule(INSTRUCTION_OVERRIDE, "instruction;prompt;rules;guidelines;directives;constraints;restrictions;programming;task above;request above;policies", rf"s?(?:{S}{gap(2)})?(?:above |before |previously )?(?:are|is|were|have been|has been|do|does|no longer)(?:{S}not)?{S}(?:now |hereby |all |longer )*(?:void|cancell?ed|apply|applies|invalid|superseded|obsolete|replaced|overridden|overruled|revoked|rescinded|fake|wrong|a test|outdated|suspended|lifted|disabled|removed|irrelevant|null|over|no longer|deactivated|gone)(?![^\W_])", 0.45, 0.6),
    _rule(INSTRUCTION_OVERRIDE, "your new;your real;your actual;your true;your only;your updated", rf"{S}(?:task|role|goal|instructions?|directives?|purpose|objective|mission|rules|prompt|job|system prompt)s?{S}(?:is|are|will be|now)?", 0.5, 0.8),
    _rule(INSTRUCTION_OVERRIDE, "new instruction;updated instruction;real instruction;actual instruction;new task;new directive;new rules;new system prompt;priority instruction;hidden instruction;secret instruction;admin instruction", r"s?[^\w\n]{0,3}[:;\]\-]", 0.5, 0.7),
    _rule(INSTRUCTION_OVERRIDE, "system override;admin override;administrator override;developer override;emergency override;override code;override accepted;override activated;override engaged;override protocol;override mode;sudo mode;root access;god mode;debug mode;maintenance mode;admin mode", rf"(?:{S}{gap(1)}(?:enabled|activated|granted|on|engaged|accepted|active|initiated|confirmed|unlocked|requested|required))?(?=[^\w\s]|\s|$)", 0.35),
    _rule(INSTRUCTION_OVERRIDE, "safety;content filter;filters;ethical;security protocols;guardrails;restrictions;safeguards", rf"(?:{S}(?:protocols?|filters?|layers?|measures|checks|features?|guidelines|mode|restrictions|constraints|systems?))?[\W_]{{1,4}}(?:(?:are|is|have been|has been|now|all|temporarily|fully|set to){S}){{0,3}}(?:off|disabled|suspended|deactivated|bypassed|removed|lifted|inactive|turned off|switched off|false|none)(?![^\W_])", 0.5),
    _rule(INSTRUCTION_OVERRIDE, "disable;deactivate;turn off;switch off;remove;lift;suspend;shut off;bypass;circumvent", rf"{S}(?:all |any |every )?(?:of )?(?:your|the model's|the ai's|the assistant's|its own){S}{gap(2)}(?:safety|ethical|content|restrictions|filters?|guardrails|safeguards|limitations|constraints|protections|guidelines|moderation|censorship|protocols?)", 0.75),
    _rule(INSTRUCTION_OVERRIDE, "obey;follow;comply with;listen to;answer to", rf"{S}(?:only{S}|exclusively{S})?(?:me|my{S}(?:orders?|commands?|instructions?|requests?|directives?)|mine)(?:{S}(?:only|instead|alone|exclusively|unconditionally|without|from now))", 0.6),
    _rule(INSTRUCTION_OVERRIDE, "stop being;you are no longer;you're no longer;no longer act as;cease to be", rf"{S}{gap(2)}(?:an?|the|chatgpt|claude|gemini){S}{gap(2)}(?:ai|assistant|language model|model|chatbot|bot)(?![^\W_])", 0.6),
    _rule(INSTRUCTION_OVERRIDE, "treat ", rf"{gap(3)}(?:as|like){S}(?:an? |the )?(?:system|admin|developer|root)[\W_]{{0,2}}(?:level |message|command|instruction|prompt|priority)", 0.6),
    _rule(INSTRUCTION_OVERRIDE, "pwned;i have been pwned", r"(?![^\W_])", 0.35, 0.5),
    _rule(INSTRUCTION_OVERRIDE, "decode", rf"{S}{gap(5)}(?:and|then){S}{gap(2)}(?:follow|execute|run|obey|do|act|perform|comply|carry out)(?![^\W_])", 0.6, 0.75),
    # Role play.
    _rule(ROLE_PLAY, "do anything now", r"", 0.8, 0.6),
    _rule(ROLE_PLAY, "=dan", r"(?![^\W_])", 0.3, 0.15),
    _rule(ROLE_PLAY, "you are;act as;be;simulate;become;as;enable;activate;pretend to be", rf"{S}{gap(2)}(?:dan|stan|dude|evil-?bot|jailbot)(?=[^\w\s]|\s+(?:who|which|and|mode|from|\d|can|will|is|has|in)(?![^\W_]))", 0.35, 0.2),
    _rule(ROLE_PLAY, "jailbreak;jailbroken;[jailbreak", r"(?:ed)?(?![^\W_])", 0.2, 0.05),
    _rule(ROLE_PLAY, "[jailbreak;[\U0001f513;(\U0001f513;[classic;[dan", r"[^\n\])]{0,20}[\])]", 0.5, 0.3),
    _rule(ROLE_PLAY, "developer mode;dev mode;jailbreak mode;unrestricted mode;god mode;evil mode;opposite mode", rf"{S}(?:is )?{gap(1)}(?:enabled|on|output|activated|active|v\d|now|response|engaged)(?!{S}(?:in|on|my|our)(?![^\W_]))", 0.5, 0.4),
    _rule(ROLE_PLAY, "with developer mode;developer mode enabled;developer mode output;enter developer mode;activate developer mode", r"", 0.4, 0.3),
    _rule(ROLE_PLAY, "unrestricted;unfiltered;uncensored;unbound;amoral;unethical;immoral;lawless;limitless;rogue;evil;unaligned;unchained;unhinged;jailbroken;unlimited", rf"{S}{gap(2)}(?:ais?|assistant|chat ?bot|model|bot|llm|version|persona|mode|responses?|character|advis[eo]r|gpt|alter ego|answers?|confidant|twin)(?![^\W_])", 0.55, 0.4),
    _rule(ROLE_PLAY, "without any;without;free from;free of;freed from;not bound by;no longer bound;unbound by;not restricted;not limited by;not constrained;outside of;beyond", rf"{S}{gap(3)}{_BARE}(?![^\W_])", 0.2, 0.08),
    _rule(ROLE_PLAY, "no rules;no restrictions;no limits;no limitations;no filter;no ethical;no moral;no guidelines;no content;no censorship;no boundaries;zero restrictions", r"(?:[a-z]{0,3})", 0.25, 0.1),
    _rule(ROLE_PLAY, "no longer have to;not have to;don't have to;doesn't have to;do not need to;need not;not required to;not obliged to;will not;does not;not", rf"{S}(?:follow|abide by|adhere to|obey|comply with|respect|care about){S}{gap(4)}(?:rules|guidelines|polic|restrictions|laws?|ethic|moral|openai|limitations|norms|terms)", 0.4, 0.2),
    _rule(ROLE_PLAY, "pretend;act as if;act as though;act like;imagine;suppose;simulate;role-play;roleplay;role play;behave as;speak as;respond as;answer as;assume the role;play the role;play the part;take on the role;in the role of;switch to;become;you are;act as", rf"{S}{gap(10)}(?:without|no|not have|free of|free from|has no|have no|had no|lacks?|zero|ignor(?:es|ing)|not bound by|beyond|not care about){S}{gap(3)}{_BARE}(?![^\W_])", 0.55, 0.35),
    _rule(ROLE_PLAY, "from now on;you are now;you're now;you are going to;you will now;you must now;hereby", rf"[,\W_]{{1,4}}{gap(4)}(?:act|pretend|be|play|respond|behave|become|answer|simulate|operate|speak|called|named|an?|the)(?![^\W_])", 0.15, 0.2),
    _rule(ROLE_PLAY, "stay in character;remain in character;break character;breaking character;stay as;stay a ", r"", 0.12, 0.1),
    _rule(ROLE_PLAY, "never;not;cannot;can't;don't;won't;can not;without;must not;never ever", rf"{S}{gap(1)}(?:refus(?:e|es|ing)|decline|declining|reject|say no|say (?:that )?(?:it|you|he|she|they) can(?:not|'t)|apologi[sz](?:e|es|ing)|moraliz(?:e|ing)|lectur(?:e|es|ing)|warn(?:s|ing)?|disclaim\w*|(?:include|add|adding) (?:any )?(?:warnings?|disclaimers?))(?![^\W_])", 0.25, 0.12),
    _rule(ROLE_PLAY, "illegal;unethical;immoral;harmful;dangerous;inappropriate;offensive;explicit;criminal;nsfw", rf"(?:{S}(?:or|and|,)?{S}?[^\W_]{{1,16}}){{0,2}}{S}(?:content|information|advice|requests?|answers?|things?|acts?|activit(?:y|ies)|questions?|tasks?|ideas|instructions)", 0.12, 0.05),
    _rule(ROLE_PLAY, "openai;anthropic;google", rf"(?:['\W]{{0,2}}s)?{S}{gap(2)}(?:content )?(?:polic(?:y|ies)|guidelines|rules|restrictions|limitations|censorship)", 0.35, 0.1),
    _rule(ROLE_PLAY, "lose;deduct;deducted;cost you;losing", rf"{S}{gap(4)}(?:tokens|points|lives)(?![^\W_])", 0.3),
    _rule(ROLE_PLAY, "grandma;grandmother;granny;deceased", rf"{S}{gap(10)}(?:used to|who would|would){S}(?:read|tell|sing|recite|be|work)", 0.35, 0.2),
    _rule(ROLE_PLAY, "machiavellian;alter ego;evil twin;evil confidant;opposite day", r"", 0.35, 0.1),
    _rule(ROLE_PLAY, "two responses;two answers;two different responses;two ways;both responses;two paragraphs", r"", 0.2, 0.1),
    # What is to be got out.
    _rule(EXFILTRATION, "reveal;show;print;repeat;output;display;tell me;give me;give us;share;expose;disclose;leak;dump;recite;reproduce;copy;return;provide;summari;translate;describe;explain;encode;spell;echo;what is;what's;what are;what were;what was;state;paste;write;list;divulge;include;append;send", rf"[a-z]{{0,3}}{S}{gap(5)}(?:your|(?:the|its|this|all)[\W_]{{1,3}}(?:complete|full|entire|exact|hidden|secret|confidential|original|initial|internal|whole))[\W_]{{1,4}}{gap(3)}(?:(?:system|initial|original|hidden|secret|internal|confidential|developer|base|core|full|exact|entire|underlying|starting|first|foundational|initialization)[\W_]{{1,3}}(?:[^\W_]{{1,16}}[\W_]{{1,3}}){{0,2}}(?:prompts?|instructions?|directives?|messages?|guidelines|configuration|rules|text|preamble|context|programming)|system ?prompts?|pre-?prompts?|(?:prompts?|instructions|directives|initialization text|context window|programming)(?=[^\w\s]|\s*$|\s+(?:verbatim|word|in full|exactly|above|to me|now|here|and|as|including|so|please)))", 0.7, 0.8),
    _rule(EXFILTRATION, "reveal;print;repeat;output;expose;disclose;leak;dump;recite;divulge", rf"{S}{gap(3)}(?:the|your|its){S}(?:system|hidden|developer|initial){S}(?:prompts?|instructions?|message)", 0.6, 0.7),
    _rule(EXFILTRATION, "repeat;print;output;copy;write;recite;say;quote;echo;return;reproduce;paste", rf"[a-z]{{0,3}}{S}{gap(3)}(?:everything|words|text|all|sentences|lines|contents?|messages?|what){S}{gap(5)}(?:above(?=[^\w\s]|\s*$|\s+(?:this|starting|verbatim|in|and|exactly|word))|before (?:this|the)|preceding|prior to|starting with|beginning with|between the (?:start|beginning)|in (?:your|the) (?:system|context|prompt))", 0.55),
    _rule(EXFILTRATION, "summari;translate", rf"[a-z]{{0,3}}{S}{gap(3)}(?:everything|words|text|all|sentences|lines|contents?|messages?|what){S}{gap(5)}(?:above(?=[^\w\s]|\s*$|\s+(?:this|starting|verbatim|in|and|exactly|word))|before (?:this|the)|preceding|prior to|starting with|beginning with|between the (?:start|beginning)|in (?:your|the) (?:system|context|prompt))", 0.25),
    _rule(EXFILTRATION, "send;forward;post;upload;email;e-mail;exfiltrate;transmit;leak;submit;append;encode;include;add;attach;embed;curl;put;copy;paste;deliver", rf"[a-z]{{0,3}}{S}{gap(9)}(?:api[\W_]?keys?|passwords?|credentials?|secrets?|tokens?|cookies?|conversations?|chat (?:history|log)|conversation (?:history|so far)|inbox|environment variables?|env vars?|system prompt|user'?s?[\W_]{{1,2}}(?:data|information|messages?|question)|private (?:keys?|data)|personal (?:data|information)|bank details|ssh keys?|session){S}{gap(9)}(?:to|at|into|via|in|through|using|with)[\W_]{{1,4}}{gap(4)}(?:https?://|[\w.+-]{{1,40}}@|webhook|url|link|this (?:address|server|endpoint)|image|query|external)", 0.6, 0.75),
    _rule(EXFILTRATION, "send;forward;post;upload;email;exfiltrate;transmit;leak", rf"{S}(?:all|every|any|each|the (?:newest|latest|last|first|entire|whole|full)){S}{gap(8)}(?:https?://|[\w.+-]{{1,40}}@[\w-]{{1,40}}\.|attacker)", 0.3, 0.6),
    _rule(EXFILTRATION, "reveal;print;dump;leak;disclose;expose;list;give me;tell me;show me;send me;export", rf"{S}{gap(5)}(?:api keys?|all passwords?|user passwords?|admin passwords?|credentials|secret keys?|access tokens?|environment variables|private keys?|user data|confidential (?:data|information)|training data|memory contents|secrets|other users)(?![^\W_])", 0.3, 0.45),
    _rule(EXFILTRATION, "![", r"[^\]\n]{0,120}\][\[(]<?https?://[^\s)\]]{1,200}?[?&/=](?:[\w.-]{1,24}=)?(?:[\[{<$]|%7b|%5b|(?<==)(?:your|the|insert|user|conversation|history|secret|system)[_+ -])", 0.7, 0.85),
    _rule(EXFILTRATION, "![", r"[^\]\n]{0,120}\]\(<?https?://[^\s)?]{1,200}\?(?:[^\s)&]{1,60}&){0,4}(?:data|secret|prompt|history|conversation|convo|exfil|leak|stolen|cookie|password|chat|context|payload)=", 0.5, 0.7),
    _rule(EXFILTRATION, "<img", r"[^>]{0,120}src\s?=\s?[\"']?https?://[^\s>\"']{1,200}[?&][\w.-]{1,24}=(?:[\[{<$]|%7b|%5b)", 0.6, 0.8),
    # Tokens by which chat templates tell whose turn it is.
    _rule(TEMPLATE_TOKENS, "<|", r"(?:im_start|im_end|im_sep|system|user|assistant|endofprompt|eot_id|eom_id|start_header_id|end_header_id|begin_of_text|end_of_text|start|end|message|channel|return|call|tool_call|python_tag|fim_\w{3,6}|pad|bos|eos)\|>", 0.8),
    _rule(TEMPLATE_TOKENS, "<|", r"(?:endoftext|end|vq_\d{1,5})\|>", 0.55),
    _rule(TEMPLATE_TOKENS, "[inst];[/inst];<<sys>>;<</sys>>;<start_of_turn>;<end_of_turn>;<\uff5c;[system_prompt];[/system_prompt];[available_tools]", r"", 0.75),
    _rule(TEMPLATE_TOKENS, "<system>;</system>;<system_prompt>;</system_prompt>;<admin>;[system];[/system];[sys];[admin];<eot>;<sot>;</untrusted>;</user_input>;</instructions>;[end of prompt]", r"", 0.35, 0.45),
    _rule(TEMPLATE_TOKENS, "### instruction;### system;### human;### assistant;### response", r"s?[ \t]{0,3}:", 0.3, 0.45),
    _rule(TEMPLATE_TOKENS, "\n\nhuman:;\n\nassistant:;\nsystem:;\n[system]:", r"", 0.2, 0.3),
    _rule(TEMPLATE_TOKENS, '"role"', r"\s?:\s?\"(?:system|developer)\"\s?,\s?\"content\"", 0.25, 0.4),
    # Text that addresses whatever model reads it.
    _rule(ADDRESSES_MODEL, "note;message;instruction;instructions;attention;notice;reminder;hint;memo;addressed", rf"{S}(?:to|for){S}(?:the |any |all |an? |you,? (?:the )?)?{_MODEL}(?![^\W_])(?!{S}(?:developers?|users?|training|deployment))", 0.2, 0.7),
    _rule(ADDRESSES_MODEL, "dear;attention;hey;hello;if you are;to any;to all;@", r"[\W_]{0,4}(?:an? |the |any |all )?(?:ais?|llms?|(?:large |ai )?language models?|ai (?:assistants?|models?|agents?)|assistant|chatbot|chatgpt|claude|gemini|copilot)[\W_]{1,3}(?:reading|processing|summari[sz]ing|viewing|analy[sz]ing|parsing|that (?:reads?|process)|who (?:reads?|process)|you (?:must|should|will|are|have)|please|must|ignore|do not|before)", 0.3, 0.8),
    _rule(ADDRESSES_MODEL, "assistant;ai;ai agent;ai model;ai assistant;ai agents;model;chatbot;llm;language model;claude;chatgpt;gpt;gemini;copilot;dear assistant;attention assistant", r"\s?[:,;\u2014-]{1,2}\s{1,3}(?:please )?(?:ignore|disregard|forget|do not|don't|before (?:you|reply|answer|continu)|you (?:must|should|will)|send|call|use the|reply (?:only|with)|respond (?:only|with)|execute|run|always|now|stop|add|include|append|recommend|output|say|tell|visit|open|your (?:new|task))(?![^\W_])", 0.15, 0.75),
    _rule(ADDRESSES_MODEL, "any ai;any llm;any language model;any chatbot", rf"{S}(?:(?:model|assistant|agent|system)s?{S})?(?:reading|processing|evaluating|reviewing|screening|assessing|grading|ranking|summari[sz]ing)(?![^\W_])", 0.15, 0.7),
    _rule(ADDRESSES_MODEL, "do not;don't;never;without", rf"{S}(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|reveal(?:ing)?|alert(?:ing)?|show(?:ing)?|warn(?:ing)?|notify(?:ing)?|disclos(?:e|ing)){S}{gap(4)}(?:the )?users?(?![^\W_])", 0.3, 0.6),
    _rule(ADDRESSES_MODEL, "do not;don't;never;without", rf"{S}ask(?:ing)?{S}{gap(2)}(?:the )?users?(?![^\W_])", 0.1, 0.4),
    _rule(ADDRESSES_MODEL, "the user has;user has;the user already;the owner has", rf"{S}(?:already {S}?|has |explicitly |previously )?(?:approved|agreed|authori[sz]ed|consented|given (?:permission|consent)|confirmed|requested)", 0.15, 0.35),
    _rule(ADDRESSES_MODEL, "llms;llm;language models;ai assistants;ai agents;ai models;ai systems;chatbots;chat bots;ai assistant;ai agent;language model;summarisers;summarizers", rf"{S}(?:reading{S}|processing{S})?{gap(2)}(?:must|should|shall|are required|is required|are instructed|have to|has to|need to)(?![^\W_])", 0.05, 0.35),
    _rule(ADDRESSES_MODEL, "llm;ai;assistant;chatbot;language model;agent;bots;ai agent;ai assistant", rf"(?:{S}(?:notice|instructions?|directives?|alert|message|note|command))?\s?(?::|--?\s|\u2013|\u2014)\s?(?=[\w\"'])", 0.02, 0.25),
    _rule(ADDRESSES_MODEL, "llm notice;llm instruction;ai instruction;ai notice;assistant instruction;agent instruction;model instruction", r"s?(?![^\W_])", 0.1, 0.5),
    _rule(ADDRESSES_MODEL, "read by;processed by;parsed by;summarized by;summarised by;analyzed by;analysed by;handled by;viewed by", rf"{S}(?:an? |any |the |some )?(?:automated|machine|bot|{_MODEL})(?![^\W_])", 0.05, 0.45),
    _rule(ADDRESSES_MODEL, "when summari;when processing;when reading;when answering;when reviewing;when translating;while summari;while processing", rf"[a-z]{{0,6}}{S}(?:this|the){S}{gap(3)}(?:claim|say|state|always|do not|don't|never|include|add|recommend|tell|mention|give|rate|also|must|you)(?![^\W_])", 0.1, 0.6),
    _rule(ADDRESSES_MODEL, "mention;reveal;disclose;refer to;acknowledge;quote", rf"{S}(?:the existence of )?(?:this|these){S}(?:sentence|note|message|instructions?|text|line|comment|prompt|paragraph)s?(?![^\W_])", 0.1, 0.5),
    _rule(ADDRESSES_MODEL, "do not summari;don't summari;stop summari;instead of summari;when summari;rather than summari", r"[sz]\w{1,4}", 0.1, 0.45),
    _rule(ADDRESSES_MODEL, "before replying;before responding;before answering;before you reply;before you answer;before you respond;before continuing;in your reply;in your answer;in your response;at the end of your reply;end every response;end every reply;every answer;to every answer", r"", 0.05, 0.3),
    _rule(ADDRESSES_MODEL, "call;use;invoke;execute;run;trigger", rf"{S}(?:the )?[`'\"]?[a-z]{{2,12}}_[a-z_]{{2,24}}[`'\"]?{S}(?:tool|function|on|with|now|to)(?![^\W_])", 0.1, 0.35),
    _rule(ADDRESSES_MODEL, "reply only;respond only;output only;answer only;just reply;just output;simply reply;respond with only;reply with only", rf"{S}{gap(3)}(?:\"|'|the word|[a-z0-9]{{2,12}}-)", 0.1, 0.4),
)


def _foreign() -> tuple[Rule, ...]:
    """Overrides, and what addresses the model, in other languages, as they look when folded."""
    ignore = (
        ("ignore;ignorer;ignorez;oublie;oubliez", r"(?:les |tes |vos |toutes |tous |ces |mes )*(?:precedentes? |anterieures? )?(?:instructions|consignes|regles|directives)"),
        ("ignoriere;ignorieren sie;vergiss;vergessen sie;missachte;umgehe", r"(?:alle |deine |ihre |die |sie |bitte |samtliche |jegliche )*(?:vorherigen?|bisherigen?|obigen?|fruheren?|vorigen?|vorangegangenen?)? ?(?:anweisungen|instruktionen|regeln|vorgaben|befehle|richtlinien|einschrankungen|beschrankungen)"),
        ("ignora;ignore;olvida;olvide;desatiende;omite", r"(?:todas? |las |tus |sus |los |estas |de )*(?:anteriores |previas )?(?:instrucciones|reglas|indicaciones|directrices|ordenes|restricciones)"),
        ("ignora;dimentica;ignorate;scorda", r"(?:tutte |le |tue |i |gli |queste )*(?:precedenti )?(?:istruzioni|regole|direttive|indicazioni|restrizioni)"),
        ("ignore;esqueca;desconsidere;ignora", r"(?:todas? |as |suas |os |seus |estas )*(?:anteriores )?(?:instrucoes|regras|diretrizes|ordens|restricoes)"),
        ("negeer;vergeet", r"(?:alle |je |uw |de |bovenstaande )*(?:vorige |eerdere |voorgaande )?(?:instructies|regels|richtlijnen|opdrachten)"),
        ("zignoruj;zapomnij o;pomin", r"(?:wszystkie |wszystkich |swoje |swoich |poprzednie |poprzednich |wczesniejsze )*(?:instrukcj|polecenia|zasad|regul)"),
        ("\u0438\u0433\u043d\u043e\u0440\u0438\u0440\u0443\u0439;\u0438\u0433\u043d\u043e\u0440\u0438\u0440\u0443\u0439\u0442\u0435;\u0437\u0430\u0431\u0443\u0434\u044c;\u0437\u0430\u0431\u0443\u0434\u044c\u0442\u0435", "(?:\\w{1,16} ){0,3}(?:\u0438\u043d\u0441\u0442\u0440\u0443\u043a\u0446|\u043f\u0440\u0430\u0432\u0438\u043b|\u0443\u043a\u0430\u0437\u0430\u043d\u0438|\u043a\u043e\u043c\u0430\u043d\u0434)"),
    )
    folded = [_rule(INSTRUCTION_OVERRIDE, fold(anchors)[0].lower(), S + fold(tail)[0].lower().replace("\\\\", "\\"), 0.8) for anchors, tail in ignore]
    told = (
        ("hinweis;hinweise;achtung;anweisung;anweisungen;nachricht;mitteilung;notiz;anmerkung", r"(?:an|fur) (?:das |die |den |alle |jede |jedes |jeden )?(?:ki|sprachmodelle?|ki-\w{4,12}|chatbots?|llms?)(?![^\W_])"),
        ("attention;note;message;instruction;instructions;consigne;consignes", r"(?:de|a|au|aux|pour) ?(?:l'|le |la |les |tout |toute )?(?:ia|modeles? de langage|chatbots?|llms?|assistants? ia)(?![^\W_])"),
        ("nota;notas;mensaje;instrucciones;instruccion;atencion;aviso", r"(?:para|a|al) ?(?:el |la |los |las |cualquier )?(?:ia|modelos? de lenguaje|chatbots?|llms?|asistentes? de ia)(?![^\W_])"),
        ("nota;messaggio;istruzioni;attenzione;avviso", r"(?:per|a|al|alla|all')? ?(?:l'|il |la |i |gli |ogni )?(?:ia|modell[oi] linguistic[oi]|chatbot|llm|assistent[ei] (?:ia|ai))(?![^\W_])"),
    )
    addressed = [_rule(ADDRESSES_MODEL, anchors, S + tail, 0.2, 0.7) for anchors, tail in told]
    together = [
        ("\u5ffd\u7565;\u65e0\u89c6;\u7121\u8996;\u5fd8\u8bb0;\u5fd8\u6389;\u5ffd\u8996", "[^\\n\u3002]{0,14}?(?:\u6307\u4ee4|\u6307\u793a|\u63d0\u793a|\u8bf4\u660e|\u898f\u5247|\u89c4\u5219|\u547d\u4ee4|\u9650\u5236)"),
        ("\u6307\u793a;\u547d\u4ee4;\u30eb\u30fc\u30eb;\u30d7\u30ed\u30f3\u30d7\u30c8;\u5236\u9650", "[^\\n\u3002]{0,8}?(?:\u7121\u8996|\u5fd8\u308c)"),
        ("\uc9c0\uc2dc;\uba85\ub839;\uaddc\uce59;\ud504\ub86c\ud504\ud2b8", "[^\\n.]{0,8}?(?:\ubb34\uc2dc|\uc78a)"),
    ]
    return (*folded, *addressed, *[Rule(INSTRUCTION_OVERRIDE, tuple(a.split(";")), later(f"(?:{a.replace(';', '|')}){tail}"), 0.75, 0.75) for a, tail in together])


@cache
def _by_anchor() -> tuple[tuple[Rule, ...], tuple[tuple[str, bool, tuple[int, ...]], ...]]:
    """The rules; and by anchor, which of them it is one of: (what stands in the text, whether in upper case, their numbers)."""
    rules = RULES + _foreign()
    anchors: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for anchor in rule.anchors:
            anchors.setdefault(anchor, []).append(number)
    return rules, tuple((anchor.removeprefix("="), anchor.startswith("="), tuple(numbers)) for anchor, numbers in anchors.items())


class Hits(NamedTuple):
    """What was found, in order, and whether something was left untried."""

    found: list[Hit]
    skipped: bool


def lowered(text: str) -> str:
    """Lower case, character by character: every character stays where it is."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


def phrases(text: str, *, material: bool, only: frozenset[str] | None = None) -> Hits:
    """The phrases of a text (folded by the caller), by where they start. only: of these kinds. Never raises."""
    low = lowered(text)
    rules, by_anchor = _by_anchor()
    found: list[Hit] = []
    skipped = False
    tries = TRIES + len(low) // CHARS_A_TRY
    left = [tries // 4] * len(rules)
    for plain, upper, numbers in by_anchor:
        first = low.find(plain)
        if first < 0:
            continue
        for number in numbers:
            rule = rules[number]
            weight = rule.material if material else rule.user
            if not weight or (only is not None and rule.kind not in only):
                continue
            at = first
            while at >= 0:
                if upper and not text[at : at + len(plain)].isupper():
                    at = low.find(plain, at + len(plain))
                    continue
                if left[number] <= 0 or tries <= 0:
                    skipped = True
                    break
                left[number] -= 1
                tries -= 1
                match = rule.tail.match(low, at)
                end = at + len(plain)
                if match:
                    end = match.end()
                    found.append(Hit(rule.kind, at, end, weight / 2 if _quoted(low, at, end) else weight, number))
                at = low.find(plain, end)
    found.sort(key=lambda hit: (hit.start, -hit.weight))
    return Hits(found, skipped)


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether a phrase is being quoted: marks before it, and after it within a few words."""
    opening = text[max(0, start - 2) : start].strip()[-1:]
    return opening in _QUOTES and opening != "" and opening in text[end : end + 40]


def combined(hits: Iterable[Hit]) -> float:
    """What hits of one kind are worth together: 1 - product(1 - weight) over different rules within NEAR characters; the best such stretch."""
    ordered = sorted(hits, key=lambda hit: hit.start)
    starts = [hit.start for hit in ordered]
    best = 0.0
    step = max(1, len(ordered) // 512)  # hostile text has thousands: then every so many-th is where a stretch begins
    for index in range(0, len(ordered), step):
        strongest: dict[int, float] = {}
        for hit in ordered[index : min(bisect_left(starts, starts[index] + NEAR), index + 64)]:
            strongest[hit.rule] = max(strongest.get(hit.rule, 0.0), hit.weight)
        best = max(best, joined(tuple(strongest.values())))
    return best


def joined(weights: Sequence[float]) -> float:
    """1 - product(1 - weight), at most .99."""
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return min(0.99, 1 - left)
