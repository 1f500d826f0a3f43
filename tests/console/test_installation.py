"""What /metrics says of the installation: the file on disk, certificates, the disk, the pool."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.config import load
from gateway.console.installation import Installation, next_expiry
from gateway.detection import frames
from gateway.detection.frames import Kind
from gateway.errors import ConfigError

GOOD = "providers: {openai: {dialect: openai, base_url: https://api.openai.com}}\n"


def loads(path: Path) -> bool:
    try:
        load(path)
    except ConfigError:
        return False
    return True


def installation(root: Path, **changes: Any) -> Installation:
    return Installation(**{
        "data_dir": root, "source": root / "tidegate.yaml", "running": root / "running.yaml", "loads": loads, "ca_files": {}, "pool": root / "no.sock", "detectors": (), **changes
    })  # fmt: skip


def samples(of: Installation) -> dict[tuple[str, ...], float]:
    return {(s.name.removeprefix("tidegate_"), *s.labels.values()): s.value for family in of.families() for s in family.samples}


def certificate(*days: float) -> bytes:
    """PEM of one self-signed certificate for each, which expires in so many days."""
    pem, now = b"", dt.datetime.now(dt.UTC)
    for ends in days:
        key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")])
        built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        signed = built.not_valid_before(now - dt.timedelta(days=400)).not_valid_after(now + dt.timedelta(days=ends)).sign(key, hashes.SHA256())
        pem += signed.public_bytes(serialization.Encoding.PEM)
    return pem


def test_a_broken_file_is_told_before_the_next_start(tmp_path: Path) -> None:
    """Somebody edits the file while the gate runs on its copy."""
    file, of = tmp_path / "tidegate.yaml", installation(tmp_path)
    (tmp_path / "running.yaml").write_text(GOOD)
    file.write_text(GOOD)
    seen = [samples(of)]
    for text in (GOOD + "nonsense: 1\n", GOOD + "data_dir: elsewhere\n", GOOD):
        file.write_text(text)
        seen.append(samples(of))
    file.unlink()
    seen.append(samples(of))
    assert [(each["config_valid",], each["config_pending",]) for each in seen] == [(1, 0), (0, 1), (1, 1), (1, 0), (0, 1)]


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    """Scrapes come every few seconds; a configuration takes some 20 ms to check."""
    (tmp_path / "running.yaml").write_text(GOOD)
    (tmp_path / "tidegate.yaml").write_text(GOOD)
    asked: list[Path] = []

    def counted(path: Path) -> bool:
        asked.append(path)
        return True

    of = installation(tmp_path, loads=counted)
    for _ in range(3):
        samples(of)
    assert asked == [tmp_path / "tidegate.yaml"]


def test_no_word_about_a_file_that_is_not_known(tmp_path: Path) -> None:
    """A console that was started by hand has no source; a false alarm would be worse than none."""
    assert not [key for key in samples(installation(tmp_path, source=None)) if key[0].startswith("config")]


@pytest.mark.parametrize(("ends", "expected"), [((10,), 10), ((400, 30), 30), ((-5, 20), 20), ((-9, -2), -2)])
def test_the_next_certificate_to_expire_counts(tmp_path: Path, ends: tuple[float, ...], expected: float) -> None:
    """Bundles hold roots that expired long ago; only when none is left has the file itself expired."""
    file = tmp_path / "ca.pem"
    file.write_bytes(certificate(*ends))
    found = samples(installation(tmp_path, ca_files={"vllm": file}))["certificate_expiry_timestamp_seconds", "vllm"]
    assert found == pytest.approx(dt.datetime.now(dt.UTC).timestamp() + expected * 86400, abs=120)


def test_what_is_no_certificate_has_no_expiry(tmp_path: Path) -> None:
    """The gate itself says at its start that it cannot use the file."""
    (tmp_path / "ca.pem").write_text("not a certificate")
    assert next_expiry(tmp_path / "ca.pem") is None
    assert next_expiry(tmp_path / "none.pem") is None


def test_room_on_the_disk(tmp_path: Path) -> None:
    """For this user: what is kept for root is no room."""
    disk = os.statvfs(tmp_path)
    assert samples(installation(tmp_path))["data_dir_free_bytes",] == pytest.approx(disk.f_bavail * disk.f_frsize, rel=0.05)
    assert ("data_dir_free_bytes",) not in samples(installation(tmp_path / "gone"))


class AnsweringPool:
    """Answers one question about its state."""

    def __init__(self, path: Path, detectors: dict[str, dict[str, Any]]) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._body = orjson.dumps({"ready": False, "detectors": detectors})
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        reader = frames.Reader()
        with connection:
            for _kind, id, _body in reader.feed(connection.recv(1 << 16)):
                connection.sendall(frames.frame(Kind.STATE, id, self._body))
            connection.recv(1)  # until it is closed

    def close(self) -> None:
        self._listener.close()


def test_detectors_that_the_pool_would_not_ask_are_down(tmp_path: Path) -> None:
    """Not loaded, its circuit open, or unknown to the pool: all the same to a rule that needs it."""
    pool = AnsweringPool(tmp_path / "pool.sock", {"names": {"ready": True}, "moderation": {"ready": True, "circuit_open": 1}, "acme": {"ready": False, "why": "ImportError"}})
    try:
        found = samples(installation(tmp_path, pool=tmp_path / "pool.sock", detectors=("names", "moderation", "acme", "grounding")))
    finally:
        pool.close()
    assert {key[1]: value for key, value in found.items() if key[0] == "detector_up"} == {"names": 1, "moderation": 0, "acme": 0, "grounding": 0}


def test_a_dead_pool_has_no_detectors(tmp_path: Path) -> None:
    """Nobody answers the socket."""
    assert samples(installation(tmp_path, detectors=("names",)))["detector_up", "names"] == 0
