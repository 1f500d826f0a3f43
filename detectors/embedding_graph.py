"""The sentence model's file, with rows of its vocabulary looked up before they are made floats of.

As it comes, the graph makes 32-bit floats of all 30,522 rows and then looks up those of a text. The first is done once, when the model is loaded, and 47 MB are kept of it. The other way
round the 12 MB of bytes are kept, and a row is the same product of the same two numbers: vectors are equal to the last bit (tests/detectors/test_embedding.py).

Rules of this file: pure; for the one file whose SHA-256 detectors.embedding knows. Source of truth: onnx.proto of ONNX 1.12 (IR version 8), of which this reads ModelProto.graph, GraphProto.node and NodeProto's inputs,
outputs and name; all else is copied as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_GRAPH, _NODE = 7, 1
_INPUT, _OUTPUT, _NAME = 1, 2, 3
_TABLE = b"inner.embeddings.word_embeddings.weight"


def looked_up_first(model: bytes) -> bytes:
    """The file so changed. ValueError if it is another one."""
    graphs = [_field(_GRAPH, _changed(content)) for number, _, content in _fields(memoryview(model)) if number == _GRAPH]
    if len(graphs) != 1:
        raise ValueError(f"not the graph that is known here: {len(graphs)} of them")
    return b"".join([*graphs, *(field for number, field, _ in _fields(memoryview(model)) if number != _GRAPH)])


def _changed(graph: memoryview) -> bytes:
    nodes = [bytes(content) for number, _, content in _fields(graph) if number == _NODE]
    cast, multiply, gather = (_the_one(nodes, *of) for of in ((_OUTPUT, _TABLE + b"_f"), (_OUTPUT, _TABLE), (_INPUT, _TABLE)))
    [found] = [content for number, content in _names(gather) if number == _OUTPUT]
    rows, scales, plain = (_TABLE + end for end in (b"_rows", b"_row_scales", b"_rows_f"))
    instead = [
        _renamed(gather, {_TABLE: _TABLE + b"_q", found: rows}),
        _renamed(gather, {_TABLE: _TABLE + b"_scale", found: scales}),
        _renamed(cast, {_TABLE + b"_q": rows, _TABLE + b"_f": plain}),
        _renamed(multiply, {_TABLE + b"_f": plain, _TABLE + b"_scale": scales, _TABLE: found}),
    ]
    parts = []
    for number, field, content in _fields(graph):
        if number != _NODE or content not in (cast, multiply, gather):
            parts.append(bytes(field))
        elif content == gather:
            parts += [_field(_NODE, node) for node in instead]
    return b"".join(parts)


def _the_one(nodes: list[bytes], of: int, name: bytes) -> bytes:
    found = [node for node in nodes if (of, name) in _names(node)]
    if len(found) != 1:
        raise ValueError(f"not the graph that is known here: {len(found)} nodes have {name.decode()}")
    return found[0]


def _names(node: bytes) -> list[tuple[int, bytes]]:
    """Its inputs and outputs, each with which of both it is."""
    return [(number, bytes(content)) for number, _, content in _fields(memoryview(node)) if number in (_INPUT, _OUTPUT)]


def _renamed(node: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """With other inputs and outputs, and no name of its own."""
    parts = []
    for number, field, content in _fields(memoryview(node)):
        if number in (_INPUT, _OUTPUT):
            parts.append(_field(number, names.get(bytes(content), bytes(content))))
        elif number != _NAME:
            parts.append(bytes(field))
    return b"".join(parts)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """(number, the field as it stands, its content) of a message whose fields are numbers or lengths with bytes behind."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        if key & 7 not in (0, 2):
            raise ValueError(f"not the graph that is known here: a field of wire type {key & 7}")
        value, at = _number(message, at)
        content = message[at : at + value] if key & 7 == 2 else message[at:at]
        at += len(content)
        yield key >> 3, message[start:at], content


def _number(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _field(number: int, content: bytes) -> bytes:
    return _written(number << 3 | 2) + _written(len(content)) + content


def _written(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
