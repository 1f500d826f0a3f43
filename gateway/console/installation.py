"""What `/metrics` says of the installation itself: the configuration file, the certificates it names, the disk, the detector pool.

    tidegate_config_valid   tidegate_config_pending   tidegate_config_last_reload_successful   tidegate_config_last_reload_timestamp_seconds
    tidegate_config_reloads_total{result=taken|refused}   tidegate_certificate_expiry_timestamp_seconds{provider}
    tidegate_data_dir_free_bytes   tidegate_detector_up{detector}

The configuration is looked at on disk, where somebody may have edited it: a file that would not load is found out now, not at the next start. Files are read anew
only when they have changed, all of it in a thread, and nothing here raises: what cannot be found out has no sample, or the one that says it is not well.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

import orjson
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import DetectorFailed

POOL_S = 0.5
_T = TypeVar("_T")
_Stamp = tuple[int, int, int] | None  # of a file: which it is, when it was written, how long it is; None: there is none


class Installation:
    """Of one console."""

    def __init__(
        self, data_dir: Path, *, source: Path | None, running: Path, loads: Callable[[Path], bool], ca_files: Mapping[str, Path], pool: Path, detectors: Iterable[str]
    ) -> None:
        """source: the file that the operator edits; None: not known, as where the console was started by hand.  running: the copy that this run was started with.
        loads: whether a file is a configuration.  ca_files: by provider.  pool: its socket.  detectors: those that the pool should have."""
        self._data_dir, self._pool = data_dir, pool
        self._config = Watched(source, lambda path: (loads(path), _differs(path, running)), (False, True)) if source else None
        self._certificates = {provider: Watched(path, next_expiry, None) for provider, path in ca_files.items()}
        self._detectors = sorted(detectors)

    def families(self) -> list[Metric]:
        """The series as of now. Blocks for POOL_S at most; to be called in a thread, one at a time."""
        found: list[Metric] = []
        if self._config is not None:
            valid, pending = self._config()
            found.append(GaugeMetricFamily("tidegate_config_valid", "1 if the configuration file, as it lies on disk now, would load.", value=valid))
            found.append(GaugeMetricFamily("tidegate_config_pending", "1 if the configuration file is not the one that runs.", value=pending))
        found += self._reloads()
        expiry = GaugeMetricFamily("tidegate_certificate_expiry_timestamp_seconds", "When the next certificate of a provider's ca_file expires.", labels=["provider"])
        for provider, certificate in self._certificates.items():
            if (at := certificate()) is not None:
                expiry.add_metric([provider], at)
        found.append(expiry)
        try:
            disk = os.statvfs(self._data_dir)
            found.append(GaugeMetricFamily("tidegate_data_dir_free_bytes", "Room on the disk of data_dir, for this user.", value=disk.f_bavail * disk.f_frsize))
        except OSError:
            pass
        if self._detectors:
            found.append(self._up())
        return found

    def _reloads(self) -> list[Metric]:
        try:
            told = orjson.loads((self._data_dir / "run" / "supervisor.json").read_bytes())["reloads"]
            ok, at, counts = told["ok"], told["at"], {result: told[result] for result in ("taken", "refused")}
        except (OSError, ValueError, KeyError, TypeError):
            return []
        total = CounterMetricFamily("tidegate_config_reloads", "Changed configurations that were taken, or refused as a whole.", labels=["result"])
        for result, count in counts.items():
            total.add_metric([result], count)
        if ok is None:  # nobody has changed anything
            return [total, GaugeMetricFamily("tidegate_config_last_reload_successful", "1 unless the last changed configuration was refused.", value=1)]
        return [
            total,
            GaugeMetricFamily("tidegate_config_last_reload_successful", "1 unless the last changed configuration was refused.", value=bool(ok)),
            GaugeMetricFamily("tidegate_config_last_reload_timestamp_seconds", "When a changed configuration was taken or refused.", value=at),
        ]

    def _up(self) -> Metric:
        pool = BlockingPool(self._pool)
        try:
            states = pool.state(deadline_s=POOL_S)["detectors"]
        except DetectorFailed:
            states = {}
        finally:
            pool.close()
        up = GaugeMetricFamily("tidegate_detector_up", "1 if the detector pool would ask this detector now.", labels=["detector"])
        for name in self._detectors:
            state = states.get(name, {})
            up.add_metric([name], float(bool(state.get("ready")) and not state.get("circuit_open")))
        return up


class Watched(Generic[_T]):
    """What a file says, found out anew when it has changed."""

    def __init__(self, path: Path, read: Callable[[Path], _T], missing: _T) -> None:
        """missing: what holds where there is no file."""
        self._path, self._read, self._missing = path, read, missing
        self._stamp: _Stamp = None
        self._value = missing

    def __call__(self) -> _T:
        try:
            found = self._path.stat()
            stamp: _Stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            stamp = None
        if stamp != self._stamp:
            self._value = self._missing if stamp is None else self._read(self._path)
            self._stamp = stamp
        return self._value


def next_expiry(path: Path) -> float | None:
    """When the next of a PEM file's certificates expires, seconds since the epoch; if all have, when the last did. None: none can be read."""
    from cryptography import x509  # late: it takes a twentieth of a second, and few gates have such a file

    try:
        ends = sorted(certificate.not_valid_after_utc for certificate in x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError):
        return None
    now = dt.datetime.now(dt.UTC)
    return next((end for end in ends if end > now), ends[-1]).timestamp()


def _differs(path: Path, running: Path) -> bool:
    try:
        return path.read_bytes() != running.read_bytes()
    except OSError:
        return True
