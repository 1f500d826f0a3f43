"""Secrets of several words: pass phrases (`password: correct horse …`), the words that restore a wallet, what is piped into a login.

A phrase is words and nothing else: 4 to 8 of them after a name for a password, 3 after `passphrase`, 12 to 24 after a name for a wallet's words; in quotes
or to the end of what is said. A sentence about passwords is told by its small words and by what such sentences are about.

A phrase is not one token, so what may become one is open from its first word: until a word that no phrase has, or its end.
Rules of this file: pure; linear, every repetition is bounded; a match looks at most REACH characters back from where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.later import later
from detectors.secret_before import is_ticket
from detectors.secret_values import chosen, stand_in

REACH = 160  # characters from the beginning of a name to the phrase
MAX_PHRASE = 300  # characters
# RE2: matches wherever the patterns below can
TRIGGER = (
    r"(?i)(?:pass|pwd|kennwort|mdp|contrase|senha|wachtwoord|phrase|words|mnemonics?|seeds?|wallet)[^\s:=]*[\"'`*]*\s?(?::|=| is | was | ist | lautet | est | es | sind | are )[^a-z0-9]*(?:(?:now|is|was):? )?[\"'`]?(?:[a-z]{3,12}[0-9]{0,4}|[0-9]{1,4}) (?:[a-z]{3,12}[0-9]{0,4}|[0-9]{1,4}) [a-z0-9]"
    r"|(?:echo|printf) [^\n|]*\|"
)

_NAME = (  # begins with a class, which is fast
    r"[bckmprsw](?:(?P<seed>(?:eed(?<=seed)|ecovery(?<=recovery)|ackup(?<=backup)|ecret(?<=secret)|allet(?<=wallet)|nemonic(?<=mnemonic))(?:[ _-]?(?:phrase|words)|s)?(?<!secret)(?<!backup)(?<!recovery))"
    r"|(?P<long>ass(?<=pass)[ _-]?(?:phrase|frase)|hrase de passe(?<=phrase de passe))|ass(?<=pass)(?:word|wd|wort|code|e)?|wd(?<=pwd)|ennwort(?<=kennwort)|dp(?<=mdp)"
    r"|ontrase(?<=contrase)(?:n\u0303a|\xf1a|na)|enha(?<=senha)|achtwoord(?<=wachtwoord))"
)
_SEP = r"(?:[\"'`*]{0,3}\s?(?::=|=>|=|:)\**\s{0,4}|(?P<said> (?:is|was|ist|lautet|est|es|sind|are)(?: now)?:? ))"
_WORD = r"(?:[a-z]{3,12}\d{0,4}|\d{1,4})(?![^\W_])"
_END = r"(?:(?P=quote)|(?!(?P=quote)).)"
_LEAD = rf"{_NAME}{_SEP}(?P<quote>[\"'`]?)"
_PHRASE = later(rf"{_LEAD}(?P<words>{_WORD}(?:[ ]{_WORD}){{2,23}}+)(?P<end>[.,;!]?)(?P<after>[\"'`]|[ \t]{{0,8}}+(?:[\r\n#]|\\[nr]|<|\Z)|(?<=[.,;!])\s)")
_HELD = later(rf"{_LEAD}(?P<words>(?:{_WORD}(?:[ ]|\Z)){{0,24}}+(?:[a-z]{{1,12}}\d{{0,4}}(?=[.,;!]?[\"'`]?[ \t]{{0,8}}\Z))?)[.,;!]?[\"'`]?[ \t]{{0,8}}\Z")
_PIPED = later(r"(?:echo|printf)(?: -n| -e|(?<=printf) ['\"]?%s(?:\\n)?['\"]?)?[ ](?P<quote>[\"']?)(?P<value>[^\s\"'|]{6,200}+)(?P=quote)\s?\|\s?(?:[^\n|]{0,100}--password-stdin|sudo (?:-\w+ )?-s\b|[^\n|]{0,60}passwd\b|[^\n|]{0,60}-passin stdin)")
_PIPE_HELD = later(r"(?:echo|printf)(?: -n| -e|(?<=printf) ['\"]?%s(?:\\n)?['\"]?)?[ ][\"']?(?P<value>(?:[^\s\"'|]{1,200}+[\"']?(?:\s?\|[^\n|]{0,110}|\s?))?)\Z")
# What sentences about passwords are made of, in some languages. Words that phrases are often made of are not among them.
_WORDS_OF_SENTENCES = """
    the and for from with without was were been being must should shall can cannot could may might will would not never only please your you our
    their its this that these those here there when where which who what how why then than else any some all each every both more most less
    least own same other another new old current previous next last first enter type choose confirm repeat reset change changed forgot forgotten
    lost invalid incorrect wrong required optional missing empty minimum maximum length characters character chars letters digits digit numbers
    number symbols symbol uppercase lowercase special sensitive strong weak password passwords passphrase passcode username user users login
    email account accounts field fields value values string text hash hashed encrypted encryption plain stored saved expired expires expiry
    policy manager rotation rotated generator generated protected protection authentication auth token tokens key keys secret secrets see below
    above following contain contains include includes using used use via per after before during until while between about into over under again
    still also just very too but because since has have had does did done get got gets set sets kept keep make made need needs needed try tried
    ask asked tell told give given send sent share shared find found know known work works fails failed fail error message page link site form
    screen system server database file files admin left blank yet now nor off out are let hint none null true false default example mot passe
    les des une votre vous pas est doit avec pour dans sur oublie nouveau ancien saisir caracteres que qui das der die ist und nicht muss mit
    fur ein eine ihr ihre zeichen bitte eingeben vergessen neues altes los las una debe con para por sus nueva olvidada del non deve seu sua uma
    nao het een niet moet voor
"""
_SENTENCE = frozenset(_WORDS_OF_SENTENCES.split())
_NO_SEED = frozenset(("the", "and", "are", "for", "your", "must", "them", "was", "were"))
_ABOUT = later(r"\w+(?:ing|ed|ly|tion|tions|ment)\Z")

Found = tuple[int, int, str, float]  # where the phrase begins and ends, kind, score


def phrases(text: str, low: str, floor: int) -> Iterator[Found]:
    """Every phrase, and every value that is piped, that begins at `floor` or later. low: the text in lower case, of the same length."""
    for match in _PHRASE.finditer(low, max(0, floor - REACH)):
        start, end = match.span("words")
        if start < floor or end - start > MAX_PHRASE or (match["quote"] and match["quote"] != match["after"]) or _within(low, match.start()) or (low.startswith("pass", match.start()) and is_ticket(low, match.start())):
            continue
        if _is_phrase(text[start:end], match):
            seed = match["seed"] is not None
            yield start, end, "SECRET" if seed else "PASSWORD", 0.6 if match["said"] and not seed else 0.8
    for match in _PIPED.finditer(low, max(0, floor - REACH)) if "|" in low else ():
        start, end = match.span("value")
        if start >= floor and chosen(text[start:end], quoted=True) and not stand_in(text[start:end]):
            yield start, end, "PASSWORD", 0.8


def phrase_open(low: str, most: int) -> int:
    """Where what may become a phrase begins, if the text ends within one; else len(low). most: characters at the end of the text that are looked at."""
    begin = max(0, len(low) - most)
    found = len(low)
    for match in _HELD.finditer(low, begin):
        words = match["words"].split(" ")
        if not (_NO_SEED if match["seed"] else _SENTENCE).intersection(words[:-1]) and not _within(low, match.start()):
            found = min(found, match.start("words"))
    for match in _PIPE_HELD.finditer(low, begin):
        found = min(found, match.start("value"))
    return found


def _within(low: str, at: int) -> bool:
    """Whether the name is the end of another word (`bypass`, `compass`); `db_password`, `DB-PASS` are names."""
    return at > 0 and low[at - 1].isalpha()


def _is_phrase(said: str, match: re.Match[str]) -> bool:
    words = said.split(" ")
    low = said.lower().split(" ")
    if match["seed"]:
        return len(words) in (12, 15, 18, 21, 24) and all(3 <= len(word) <= 8 and word.isalpha() for word in low) and len(set(low)) > 8 and not _NO_SEED.intersection(low)
    if not (3 if match["long"] else 4) <= len(words) <= 8 or _SENTENCE.intersection(low) or any(_ABOUT.match(word) for word in low):
        return False
    spelled = [word for word in words if word.isalpha()]
    return len(spelled) >= 3 and len(set(low)) >= 3 and (all(map(str.islower, spelled)) or all(map(str.istitle, spelled)) or all(map(str.isupper, spelled)))
