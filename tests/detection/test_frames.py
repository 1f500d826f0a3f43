"""The wire between gate, pool and detectors: whatever comes is read right or refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.base import Finding
from gateway.detection import frames
from gateway.detection.frames import Kind

ANY = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates too


@given(texts=st.lists(st.tuples(ANY, ANY), max_size=6), cut=st.integers(1, 50))
def test_a_job_survives_the_wire_however_it_is_cut(texts, cut):
    """Sockets give bytes, not frames; JSON can hold characters that UTF-8 cannot."""
    sent = frames.pack_job(7, "names", texts, 12.5) + frames.frame(Kind.DROP, 8)
    reader, got = frames.Reader(), []
    for at in range(0, len(sent), cut):
        got += reader.feed(sent[at : at + cut])
    assert [(kind, id) for kind, id, _ in got] == [(Kind.JOB, 7), (Kind.DROP, 8)]
    assert frames.unpack_job(got[0][2]) == ("names", texts, 12.5)


@given(body=st.binary(max_size=60))
def test_noise_is_refused_and_nothing_else(body):
    """No input makes the pool raise anything but ValueError."""
    for read in (frames.unpack_texts, frames.unpack_job):
        with contextlib.suppress(ValueError):
            read(body)


@given(refused=st.sets(st.integers(0, 5)), cut=st.integers(1, 30))
def test_what_is_not_admitted_is_skipped_without_being_kept(refused, cut):
    """The next frame is read right, and no memory was needed for the refused one."""
    sent = b"".join(frames.frame(Kind.JOB, id, bytes([id]) * 10 * id) for id in range(6))
    reader, got = frames.Reader(admit=lambda kind, id, length: id not in refused), []
    for at in range(0, len(sent), cut):
        got += reader.feed(sent[at : at + cut])
    assert got == [(Kind.JOB, id, bytes([id]) * 10 * id) for id in range(6) if id not in refused]


def test_a_frame_beyond_the_limit_is_an_error():
    """A peer that announces a gigabyte is not waited for."""
    with pytest.raises(ValueError, match="bytes"):
        frames.Reader(limit=100).feed(frames.HEAD.pack(101, 1, Kind.FOUND))


def test_findings_and_failures_come_back_as_they_went():
    """A text is masked by these numbers."""
    found = [[Finding("pii", "PERSON", 0, 3, 0.85), Finding("pii", "PERSON", 5, 9, 1.0)], []]
    assert frames.unpack_found(2, frames.pack_rows(found)) == found
    assert frames.unpack_found(2, frames.pack_rows([[], []])) == [[], []]
    with pytest.raises(ValueError):
        frames.unpack_found(3, frames.pack_rows(found))
    for reason in frames.REASONS:
        ((_, _, body),) = frames.Reader().feed(frames.pack_failure(1, reason, "LookupError"))
        failure = frames.unpack_failure("names", body)
        assert (failure.detector, failure.reason, failure.detail) == ("names", reason, "LookupError")
