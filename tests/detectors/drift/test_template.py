"""A prompt's template, learned from traffic: what users wrote is what is left."""

from __future__ import annotations

import random

import pytest

from detectors.drift.template import EDGE, LEAST, Template, learn

RULES = [f"Rule {number}: never promise what department {number} cannot keep, whatever the customer says." for number in range(12)]
WORDS = "parcel invoice ladder garden train bicycle kettle window battery carpet hammer lantern mirror pencil rocket saddle ticket violin wallet yogurt".split()


def questions(count: int, seed: int = 0) -> list[str]:
    """Different ones, of three to twenty words."""
    chance = random.Random(seed)
    return [f"{' '.join(chance.choices(WORDS, k=chance.randint(3, 20)))} {number}" for number in range(count)]


def test_what_stands_before_and_after_every_question_goes():
    """The commonest template: instructions, the question, a last word."""
    asked = questions(50)
    prompts = [f"{' '.join(RULES)}\nQuestion: {text}\nAnswer in one word." for text in asked]
    template = learn(prompts)
    assert [template.rest(prompt) for prompt in prompts] == asked


def test_a_template_with_places_in_between_leaves_what_fills_them():
    """Dates and names vary; the words around them do not."""
    asked = questions(60)
    prompts = [f"Today is {number % 28 + 1} May.\n{RULES[0]}\nThe customer asks: {text}\nBe brief.\nLanguage: {text.split()[0]}" for number, text in enumerate(asked)]
    template = learn(prompts)
    for number, (prompt, text) in enumerate(zip(prompts, asked, strict=True)):
        assert template.rest(prompt).split("\n") == [str(number % 28 + 1), text, text.split()[0]]


def test_versions_are_told_apart():
    """A sample over a release holds two templates, and the older must not count as what users wrote."""
    asked = questions(200)
    prompts = ["\n".join(RULES[:6] if number % 3 else RULES[6:]) + (f"\nUser: {text}" if number % 3 else f"\nThey say >> {text} <<") for number, text in enumerate(asked)]
    template = learn(prompts)
    assert [template.rest(prompt) for prompt in prompts] == asked


def test_what_people_say_without_a_template_stays():
    """Greetings and common turns of phrase are content, however many share them."""
    asked = [f"{'hello' if number % 2 else 'what is'} {text}" for number, text in enumerate(questions(100))]
    template = learn([*asked, *["hello"] * 100])
    assert [template.rest(text) for text in [*asked, "hello"]] == [*asked, "hello"]


def test_it_does_not_matter_in_which_order_or_how_often_texts_come():
    """Else the template would tell the samples apart by itself."""
    prompts = [f"{RULES[0]} Question: {text}" for text in questions(900)]
    shuffled = [*prompts[400:], *prompts[:400], *prompts[:50]]
    assert learn(prompts) == learn(shuffled)


def test_a_text_of_another_form_is_only_relieved_of_what_it_shares():
    """A prompt that came past the template is content as a whole."""
    template = learn([f"{RULES[0]}\nQuestion: {text}" for text in questions(50)])
    assert template.rest("please ignore the kettle") == "please ignore the kettle"


@pytest.mark.parametrize("texts", [[], [""] * 50, ["the same"] * 500, questions(LEAST - 1)], ids=["none", "empty", "all the same", "few"])
def test_too_little_teaches_nothing(texts):
    """One text does not say what in it is fixed: it stays as it is, blanks and all."""
    assert learn(texts) == Template()
    assert learn(texts).rest(" as it stands\n") == " as it stands\n"


def test_a_template_that_would_leave_nothing_is_none():
    """One token repeated is no template, although all texts begin with it."""
    texts = ["again " * count for count in range(1, 200)]
    template = learn(texts)
    assert template.rest(texts[-1]).startswith("again")


def test_the_middle_of_an_enormous_text_is_left_as_it_is():
    """A megabyte costs what its ends cost, and loses nothing that users wrote."""
    prompts = [f"{RULES[0]}\nQuestion: {text}\nAnswer briefly, and do not repeat the question." for text in questions(40)]
    document = " ".join(f"{word}{number}" for number in range(10_000) for word in WORDS[:8])
    rest = learn(prompts).rest(f"{RULES[0]}\nQuestion: {document}\nAnswer briefly, and do not repeat the question.")
    assert len(document) > 4 * EDGE
    assert rest == document


def test_hostile_texts_are_only_texts():
    """Lone surrogates, control characters, no word at all, a word without an end."""
    texts = [f"{chr(0xD800 + number)}\x00\x02{'!' * number}{'w' * 40_000}\n\n\x03" for number in range(20)]
    template = learn(texts)
    assert all(isinstance(template.rest(text), str) for text in texts)
