"""The names tier in the pool: the real model, sealed in a process."""

from __future__ import annotations

import pytest

from detectors import names_kinds, units
from detectors.text import Text
from gateway.detection.client import PoolClient
from gateway.detection.terms import Model
from tests.detection.serving import running

LETTER = (
    "Dear Ms. Jensen,\nYesterday Peter Novak called from Oslo about the delayed shipment. He asked whether Maria Lindqvist could look into it "
    "before Friday.\n\nThe warehouse in Rotterdam has no record of it! Best regards, Thomas Okafor\n"
)


@pytest.mark.slow
async def test_the_model_finds_the_same_in_the_pool_as_in_one_piece(tmp_path):
    """Cut into slices, in a process without files and network, names are found where they stand."""
    names = pytest.importorskip("detectors.names")
    texts = [(LETTER * 20, ""), ("Anna Kowalska", "customer: "), ("", ""), ("Le colis est chez Mme Girard, \u00e0 Rennes.", "")]
    model = Model("names", "detectors.names:Names", names_kinds.NAME_KINDS, {"languages": ["en", "fr"]}, max_span=units.MAX_UNIT)
    with running(tmp_path, model) as pool:
        client = PoolClient(pool.path)
        found = await client.find("names", texts, deadline_s=60)
        client.close()
        assert pool.state()["detectors"]["names"]["slices"] > 1
        assert "detector_not_sealed" not in pool.said.read_text()
    whole = names.Names(["en", "fr"]).find_all([Text(*text) for text in texts])
    assert [[(f.detector, f.kind, f.start, f.end) for f in each] for each in found] == [[(f.detector, f.kind, f.start, f.end) for f in each] for each in whole]
    assert {f.kind for f in found[0]} >= {"PERSON", "LOCATION"} and [(f.kind, f.start, f.end) for f in found[3]] == [("PERSON", 22, 28), ("LOCATION", 32, 38)]
