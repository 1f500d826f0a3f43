"""Segments as gateways wrote them, byte for byte: what is in a journal when the gate is upgraded must be read by the new one, and by the one after that."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import orjson
import pytest

from gateway.journal import Kind
from tests.support.recording import Bench, new_id, text_id

# One exchange in four frames: OPEN, a part of the request, a part of the reply, CLOSE. Stream w, segment 1, sealed with the tests' key from version 2 on. Never made anew: a version that
# is added gets an entry of its own.
GOLDEN = {
    1: """
R7XlN0RaF2?EnA(3;+NC0ieWCYyfZofB*mh00007b>4t;dm?FMB03^4F<~%cG&L|bV=yo`FfcGUFfcGMFfcGMFfcGMFfcbFEFyDsVRCe3WM5%)Uv6_EIx#mnFfcGMFfcGMFfcGMFfcGMEFyPra%*LB
B03^>Z*ps8axE|-EFy4nZ+2;9WpW}qB5!bIZeeL6EFxrSVQgh%bRs$;Z*XO9VQC^PB5!bIa$$67Z*C$wB4cP_bRsMwZDn+5Z)74mB2Z6LR3a=QWo~3}Z)t9HB03^3b}=twXkm0OV{dJ6Y-
Mz5Z*FrUEFxiWa3VS)V`yb#Yj1UQA}k_eZ)AC2aA9(Eb0Ru1eS0Etb!BsOX>V>KI#fqWF#!Sq0000000sa600E%HP;3Bj0Du4h000002ktJg!XkHQc_MvOM@lgP0{{R30000A00001pu|vY0B`_+00
000000MB{XU9&B4KWGcV%)SI#fqWF#!Ys0GR*)00IC200E%HP;3Bj0Du4h000002M@cyPJ1G0WFk5uFfm~;V>C4|He)a_H!v_TI503UFfcGMFfcGMFfcGTA}k_vbYXOLb0Ru2Ffc44b#QZZa%Ev{Uv
qR}baitgIx;XYEFy1pbYpLAWg<EvZ)+kfB4KoNWo>YDb0Ru1EFxrea$$67Z*E_6B04ZGH7p`>WpHeHUt)Q5Wpg4rF)=J6VsB)5UvOb^baNs)F?}(8
""",
    2: """
R7XlN0s#O3?EnA(3;+NC0ieWCYyfZofB*mh00007VMD&v_{@F+=1J)3<Pd_tbR0PR?$B#%0RR9100000^icY+Z;yW5jcAYiIYik>Z!sh41%jymB?4ldOt^7<Oj5%@Ac6b3dHIg;nDZz`UBOZb^Xi%4
pH?GdoCM!zz6ju%<v5VhhWh&^UCa1C_7}B+7Z@#?#)f?D0g7H$0UJOO@HG|8-AZ!WZC=+U*&zseZmgAKT;2W?scZBPfb&-DU0aKdmcl!XEyQ!gzaod7-
fUB6*HPGLot{t;Gs>}W$l%Gv)j5+atsokTpz7&JKyy*2c7`lOUBghT8JCs1C)JI?L+4~(OGX>bji(96e#8&xS(yTxUAy+Kz_WY$o2fCT{yDH5{z3jnP}})Nn72E4IfS0Yh-e+Nln}=oM5M*WHo`W&-
c(0QF#-Yr0000000sa600E%HP;3Bj0Du4h000002Vq0L)%eVQ0_I8R>EsZCzjPcp{O-_eYXSfO000000J|l<=PaG&&-
L*mUt+7zKu{JX@2|zK;*=9qM@lgQ0{{R30000A00001pu|vY0B`_+00000000MJL%!Ac%zgsqN$Bb15Q4vS960>$&}(Z0000000002Xx)I9-r|0MxfOn|9fd=A93K>qv{u_r}pqEVyl~hMcF#-
et0GR*)00IC200E%HP;3Bj0Du4h000002Vq0L)%eVQ0_I8R>EsZCzjPcp{O-_eYXkrQ0000007zl5Bdl(_Z7o3n$XH#BLP`MJq(2F2RV$(D0?qd(-
A^7OzZyR7NcRcLAD0raw=~O4OogW<Gs!(h0&+($on_9}1C0de9SGz?y_Y|!EcW#K*ryfqhAE&tl^}^HTwz7eF;lUNf$fpD=<GygbX_A%W(-Cv=asL|y0Y$<A0xom<jVc*^fj#i2kxJ0@)!b<w_ZEd-
n$O!h797@B{9vc9Dju?7*D%r2+IA~
""",
}


def recorded(directory: Path, content: bytes) -> Bench:
    """A gate of today on a data directory with that segment."""
    stream = directory / "journal" / "w"
    stream.mkdir(parents=True)
    (stream / "00000001.seg").write_bytes(content)
    (stream / "lock").touch()
    bench = Bench(directory)
    bench.record()
    return bench


@pytest.mark.covers("D11")
@pytest.mark.parametrize("version", GOLDEN)
def test_what_an_older_gate_has_written_is_recorded(tmp_path: Path, version: int) -> None:
    """An upgrade happens with a backlog in the journal, often because of what made the backlog."""
    bench = recorded(tmp_path, golden(version))
    [row] = bench.store.rows
    assert {name: row[name] for name in ("id", "outcome", "request", "reply")} == {
        "id": text_id(new_id(7)), "outcome": "ok", "request": '{"question":"why"}', "reply": '{"answer":1}',
    }  # fmt: skip
    assert (bench.recorder.state.stored, bench.recorder.damage.damaged) == (1, 0)


@pytest.mark.covers("D11")
def test_frames_of_a_version_that_nobody_knows_yet_are_counted_and_kept(tmp_path: Path) -> None:
    """After a downgrade: the older gate cannot read them, and must say so, keep them for the newer one, and read what is around them."""
    meta = orjson.dumps({"a future": "field"})
    head = struct.pack("<4sBBHII16s", b"TGJ1", 9, Kind.OPEN, 0, len(meta), 0, new_id(8))
    future = head + struct.pack("<I", zlib.crc32(head + meta)) + meta
    bench = recorded(tmp_path, golden(1) + future + golden(1))
    assert [row["id"] for row in bench.store.rows] == [text_id(new_id(7))]
    assert tuple(bench.recorder.damage)[1:3] == (1, len(future))
    [kept] = (tmp_path / "quarantine").glob("*.bin")
    assert kept.read_bytes() == future


def golden(version: int) -> bytes:
    return base64.b85decode(GOLDEN[version].replace("\n", ""))
