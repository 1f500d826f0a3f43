"""lock/install: what it leaves when one of its two pips fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Stands for the environment's Python: of the two pips that work side by side, one fails as soon as the other is there, which would then work until it is ended.
PYTHON = """#!/bin/sh
case "$*" in
    *"-r .venv/lock/0") echo $$ >first.tmp && mv first.tmp first && exec sleep 600 ;;
    *"-r .venv/lock/1") while [ ! -e first ]; do :; done; exit 9 ;;
esac
"""


def test_a_pip_that_fails_takes_the_other_with_it(tmp_path: Path):
    """Else it goes on writing into .venv, beside the next `make`; what a broken-off run of another set wanted is not taken."""
    (tmp_path / "lock").mkdir()
    shutil.copy(ROOT / "lock/install", tmp_path / "lock/install")
    (tmp_path / "lock/demo.txt").write_text("a==1 \\\n    --hash=sha256:0\nb==1 \\\n    --hash=sha256:0\nurllib3==1 \\\n    --hash=sha256:0\n")
    for folder in ("bin", "lock"):
        (tmp_path / ".venv" / folder).mkdir(parents=True)
    (tmp_path / ".venv/lock/pip").write_text("pip==1\n")
    python = tmp_path / ".venv/bin/python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    ran = subprocess.run([str(tmp_path / "lock/install"), "demo"], env={**os.environ, "PYTHON": "true"}, timeout=60, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    first = int((tmp_path / "first").read_text())
    left = Path(f"/proc/{first}").exists()
    if left:
        os.kill(first, 15)
    assert ran.returncode == 9 and "Not all packages could be had" in ran.stderr  # pip's last word is of one package among many
    assert not left
    assert not (tmp_path / ".venv/.demo").exists()
    assert not (tmp_path / ".venv/lock/pip").exists()
