"""The sentence model: which text gives which vector, and what it refuses."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from detectors import embedding
from detectors.embedding import DIMENSIONS, MAX_WINDOWS, WINDOW, Embedder
from detectors.embedding_graph import looked_up_first


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_near_sentences_are_near(embedder: Embedder):
    """What the vectors are for: meaning, not words in common."""
    asked, same, other = embedder.embed(["How do I cancel my booking?", "I want to call off the reservation", "How do I bake my bread?"])
    assert asked @ same > asked @ other + 0.2


def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder):
    """Stored vectors are compared with fresh ones; how many were asked for together must not show in them."""
    texts = ["short", "a text that is rather longer than the other one, by some words", ""]
    together = embedder.embed(texts)
    assert together.shape == (3, DIMENSIONS)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(embedder.embed([text])[0], row)


def test_case_and_accents_do_not_count(embedder: Embedder):
    """The vocabulary is uncased: whoever relies on capitals must look elsewhere, and the module says so."""
    one, two = embedder.embed(["Café au LAIT", "cafe au lait"])
    assert np.array_equal(one, two)


def test_what_stands_beyond_the_first_window_counts(embedder: Embedder):
    """A long document is not judged by its opening alone."""
    opening = "the weather was mild and the garden was green " * 40
    assert len(embedder.tokens(opening, 10_000)) > WINDOW
    garden, war = embedder.embed([opening, opening + "soldiers fired at the burning city all night " * 40])
    assert garden @ war < 0.95


def test_the_start_alone_can_be_asked_for(embedder: Embedder):
    """Who has a budget pays for so many tokens and no more."""
    text = "the weather was mild " + "and soldiers fired at the burning city " * 40
    assert np.array_equal(embedder.embed_start(text, 6), embedder.embed(["the weather was mild"])[0])


@pytest.mark.parametrize("text", ["", " \n", "\ud800 lone", "\x00\x01", "a" * 1_000_000, "word " * 200_000, "\u200b" * 5000, "\u6f22" * 5000], ids=["empty", "blank", "surrogate", "control", "one word", "words", "zero-width", "han"])
def test_no_text_breaks_it(embedder: Embedder, text: str):
    """Texts come from strangers."""
    vector = embedder.embed([text])[0]
    assert np.isfinite(vector).all()
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-3


def test_work_is_bounded(embedder: Embedder, monkeypatch: pytest.MonkeyPatch):
    """A megabyte costs what some KB cost."""
    sizes: list[int] = []
    summed = embedder._sum
    monkeypatch.setattr(embedder, "_sum", lambda ids: sizes.append(len(ids)) or summed(ids))
    embedder.embed(["all work and no play makes a dull text " * 25_000])
    assert len(sizes) == MAX_WINDOWS
    assert max(sizes) <= WINDOW - 2


@pytest.mark.parametrize("which", ["MODEL_SHA256", "VOCABULARY_SHA256"])
def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch, which: str):
    """With another model behind the same name every threshold and every stored vector would be wrong, silently."""
    monkeypatch.setattr(embedding, which, "0" * 64)
    with pytest.raises(RuntimeError, match=r"SHA-256 is [0-9a-f]{64}, expected 0{64}"):
        Embedder()


def test_importing_it_loads_no_model():
    """A process that never embeds does not pay for the runtime."""
    check = "import sys, detectors.embedding, detectors.moderation; detectors.moderation.Moderation(); sys.exit(any(m in sys.modules for m in ('onnxruntime', 'tokenizers', 'sklearn', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_rows_looked_up_first_are_the_same_vectors(embedder: Embedder, monkeypatch: pytest.MonkeyPatch):
    """Thresholds were set and vectors stored with the file as it comes: to the last bit, or both would have to be made anew."""
    texts = ["", "How do I cancel my booking?", "unheard-of \u6f22 words: zxqv!", "the weather was mild " * 200]
    monkeypatch.setattr(embedding, "looked_up_first", lambda model: model)
    assert np.array_equal(Embedder().embed(texts), embedder.embed(texts))


@pytest.mark.parametrize("model", [b"", b"\x3a\x02\x0a\x00", b"\x09" + bytes(8)], ids=["nothing", "an empty node", "another wire type"])
def test_another_graph_is_not_changed_by_chance(model: bytes):
    """Its checksum is looked at before; should that ever be forgotten, a file that has not the three nodes is refused, not half rewritten."""
    with pytest.raises(ValueError, match="not the graph that is known here"):
        looked_up_first(model)
