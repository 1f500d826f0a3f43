"""The walk: nothing unseen, and a rewrite that touches nothing else."""

from __future__ import annotations

import base64
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.dialects.fields import is_plain
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_walk import JsonWalk, walk_value
from gateway.dialects.leaves import Edit, Unreadable
from gateway.dialects.walk import REPLIES, REQUESTS, text_steps, walk_reply, walk_request, walk_text
from tests.dialects.corpus import CASES, STREAMS
from tests.dialects.test_json_text import TEXT, VALUES

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
FILES = DIALECTS["openai"].route("POST", "/v1/files").operation
TABLES = [*REQUESTS.values(), *REPLIES.values()]


def chat(**members) -> bytes:
    return json.dumps({"model": "gpt-4o", **members}, ensure_ascii=False).encode()


def walked(body: bytes):
    return walk_request("openai", CHAT, body, "application/json")


def leaf_at(found, pointer):
    """The index of the one leaf there."""
    (index,) = [index for index, leaf in enumerate(found.leaves) if leaf.pointer == pointer]
    return index


def mask(found, *pointers, by="<X>"):
    """The body with whole leaves replaced."""
    return found.rewrite({(at := leaf_at(found, pointer)): (Edit(0, len(found.leaves[at].text), by),) for pointer in pointers})


# ---------------------------------------------------------------- coverage


@given(VALUES)
@pytest.mark.covers("T16")
def test_every_string_key_and_long_number_of_unknown_json_is_in_exactly_one_leaf(value):
    """What no table knows is text: a field that a provider invents tomorrow is scanned today."""
    found = walk_value(json.dumps(value).encode())

    def texts(item):
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            for key, child in item.items():
                if not is_plain(key):
                    yield key
                yield from texts(child)
        elif isinstance(item, list):
            for child in item:
                yield from texts(child)
        elif isinstance(item, int | float) and not isinstance(item, bool) and sum(map(str.isdigit, json.dumps(item))) >= 9:
            yield json.dumps(item)

    assert [leaf.text for leaf in found.leaves] == [text for text in texts(value) if text]
    assert found.scanned_chars == found.text_chars
    assert found.unscannable == ()


@given(VALUES, st.sampled_from(TABLES), st.data())
@pytest.mark.covers("T16")
def test_a_planted_text_is_found_wherever_a_table_leads(value, table, data):
    """No combination of known and unknown fields hides a sentence: it has no protocol word's shape."""
    names = sorted(table.members)
    body = {data.draw(st.sampled_from(names)): value, data.draw(st.sampled_from(names)): ["4111 1111", {"x": "find me"}]}
    found = walk_value(json.dumps(body).encode(), table)
    assert sum(leaf.text == "find me" for leaf in found.leaves) == 1
    assert found.scanned_chars == found.text_chars


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_recorded_bodies_are_walked_whole_and_come_back_as_they_were(case):
    """Law 1 and law 5 on what providers and clients really send."""
    found = walk_request(case.dialect, case.route.operation, case.request, "application/json")
    assert found.scanned_chars == found.text_chars
    assert found.rewrite({}) == case.request
    if not case.is_sse:
        found = walk_reply(case.dialect, case.route.operation, case.reply, case.expected["content_type"])
        assert found.scanned_chars == found.text_chars
        assert found.rewrite({}) == case.reply


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_what_the_record_stores_as_text_was_in_a_leaf(case):
    """A text that the row shows and no detector saw is a leak by definition."""
    found = walk_request(case.dialect, case.route.operation, case.request, "application/json")
    texts = {leaf.text for leaf in found.leaves}
    for _, _, text in case.expected["request"]["segments"]:
        if text.startswith("{"):
            assert {leaf.text for leaf in walk_value(text.encode()).leaves} <= texts
        else:
            assert text in texts


def test_numbers_with_nine_digits_are_text_and_counts_are_not():
    """A card number needs no quotes to be one; the time of a reply and its tokens are no card."""
    found = walked(b'{"messages":[],"card":4111111111111111,"float":4111.11111111,"long":41111111111111111111111,"short":12345678,"e":1e10}')
    assert [(leaf.before, leaf.text) for leaf in found.leaves] == [
        ("card: ", "4111111111111111"),
        ("float: ", "4111.11111111"),
        ("long: ", "41111111111111111111111"),
    ]
    reply = walk_reply("openai", CHAT, b'{"created":1741569952,"usage":{"total_tokens":123456789},"choices":[]}', "")
    assert reply.leaves == ()


def test_a_protocol_word_that_does_not_look_like_one_is_text():
    """`role` and `id` are left out because of what stands there, not because of their name."""
    found = walked(chat(messages=[{"role": "a@example.org", "tool_call_id": "4111111111111111", "content": "x"}]))
    assert {leaf.pointer for leaf in found.leaves} == {"/messages/0/role", "/messages/0/tool_call_id", "/messages/0/content"}


def test_a_key_that_says_something_is_a_leaf_of_its_own():
    """People put addresses into keys; renaming one must not touch its value, nor make two keys one."""
    body = chat(messages=[], metadata={"ann@example.org": "x", "bob@example.org": "y", "plain_key": "z"})
    found = walked(body)
    keys = [f"/metadata/{name}@example.org~" for name in ("ann", "bob")]
    assert [leaf.text for leaf in found.leaves] == ["ann@example.org", "x", "bob@example.org", "y", "z"]
    assert json.loads(mask(found, *keys, by="<EMAIL>"))["metadata"] == {"<EMAIL>": "x", "<EMAIL>_": "y", "plain_key": "z"}


# ---------------------------------------------------------------- rewriting


@given(VALUES, st.data(), st.booleans(), st.sampled_from([None, 1]))
def test_a_rewrite_changes_the_edited_leaves_and_not_another_byte(value, data, ascii_only, indent):
    """Law 1 under edits: what a rule did not ask for stays as it came, white space and escapes included."""
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    found = walk_value(body)
    assert found.rewrite({}) == body
    if not found.leaves:
        return
    index = data.draw(st.integers(0, len(found.leaves) - 1))
    text = found.leaves[index].text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    by = data.draw(TEXT)
    changed = found.rewrite({index: (Edit(start, end, by),)})
    again = walk_value(changed, value=orjson.loads(changed)) if text[:start] + by + text[end:] else None
    if again is not None and not found.leaves[index].pointer.endswith("~"):
        assert [leaf.text for leaf in again.leaves if leaf.pointer == found.leaves[index].pointer] == [text[:start] + by + text[end:]]
    others = [leaf for at, leaf in enumerate(found.leaves) if at != index]
    if again is not None and not found.leaves[index].pointer.endswith("~"):
        assert [leaf for leaf in again.leaves if leaf.pointer != found.leaves[index].pointer] == others
    literal_start = next((at for at, (a, b) in enumerate(zip(body, changed, strict=False)) if a != b), len(body))
    assert changed[:literal_start] == body[:literal_start]


def test_an_edited_number_becomes_a_string_and_escapes_stay_ascii():
    """A placeholder is no number, and the result must stay JSON."""
    found = walked(b'{"messages":[ ], "a":4111111111111111 ,"b":"caf\\u00e9 4111"}')
    assert mask(found, "/a") == b'{"messages":[ ], "a":"<X>" ,"b":"caf\\u00e9 4111"}'
    assert found.rewrite({leaf_at(found, "/b"): (Edit(5, 9, "é"),)}) == b'{"messages":[ ], "a":4111111111111111 ,"b":"caf\\u00e9 \\u00e9"}'


def test_edits_that_overlap_are_refused():
    """They would put a part of a masked text back."""
    found = walked(chat(messages=[{"role": "user", "content": "abcdef"}]))
    for edits in ((Edit(0, 3, ""), Edit(2, 4, "")), (Edit(2, 7, ""),), (Edit(3, 2, ""),)):
        with pytest.raises(ValueError, match="overlap"):
            found.rewrite({0: edits})


def test_tool_arguments_are_walked_inside_and_stay_json():
    """Arguments are JSON in a string: a card number in them is masked as a value, not cut out of the syntax."""
    arguments = '{"to": "ann@example.org", "card": 4111111111111111, "deep": [{"pass word": "hunter2"}]}'
    found = walked(chat(messages=[{"role": "assistant", "tool_calls": [{"function": {"name": "pay", "arguments": arguments}}]}]))
    place = "/messages/0/tool_calls/0/function/arguments#"
    assert [(leaf.pointer.removeprefix(place), leaf.role, leaf.before, leaf.text) for leaf in found.leaves[1:]] == [
        ("/to", "assistant", "to: ", "ann@example.org"),
        ("/card", "assistant", "card: ", "4111111111111111"),
        ("/deep/0/pass word~", "assistant", "", "pass word"),
        ("/deep/0/pass word", "assistant", "pass word: ", "hunter2"),
    ]
    changed = json.loads(mask(found, f"{place}/to", f"{place}/card"))["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert changed == '{"to": "<X>", "card": "<X>", "deep": [{"pass word": "hunter2"}]}'


@pytest.mark.parametrize("arguments", ["not json", '{"a":"x","a":"y"}', '{"a":', '"a string"', "[" * 200 + "]" * 200])
def test_arguments_that_cannot_be_read_for_certain_are_one_text(arguments):
    """A model may write anything; both copies of a key are then in the text."""
    found = walked(chat(messages=[{"role": "assistant", "tool_calls": [{"function": {"arguments": arguments}}]}]))
    assert [(leaf.pointer, leaf.text) for leaf in found.leaves] == [("/messages/0/tool_calls/0/function/arguments", arguments)]


# ---------------------------------------------------------------- what hangs together


def test_messages_and_parts_chain_and_embeddings_do_not():
    """A secret may be split over two messages; two documents to embed have nothing to do with each other."""
    found = walked(
        chat(
            messages=[{"role": "system", "content": "a"}, {"role": "user", "name": "n", "content": [{"type": "text", "text": t} for t in "bc"]}],
            tools=[{"type": "function", "function": {"name": "f", "description": "d"}}],
        )
    )
    assert [leaf.text for leaf in found.leaves] == ["a", "n", "b", "c", "f", "d"]
    assert found.chains == ((0, 2, 3),)
    assert [leaf.joins for leaf in found.leaves] == [False, False, True, True, False, False]
    assert walked(chat(input=["one", "two"])).chains == ()


def test_choices_are_chained_each_by_itself_also_over_the_chunks_of_an_array():
    """Law 2: a Gemini stream as an array is one text a candidate."""
    chunks = [{"candidates": [{"content": {"parts": [{"text": f"{n}{at}"}]}} for n in "ab"]} for at in range(2)]
    found = walk_reply("gemini", DIALECTS["gemini"].route("POST", "/v1/models/m:streamGenerateContent").operation, json.dumps(chunks).encode(), "")
    assert [[found.leaves[index].text for index in run] for run in found.chains] == [["a0", "a1"], ["b0", "b1"]]


def test_tokens_that_repeat_the_text_are_blanked_with_it():
    """A masked secret must not be read from the tokens, their bytes or their alternatives."""
    tokens = [
        {"token": t, "logprob": -0.1234567891, "bytes": list(t.encode()), "top_logprobs": [{"token": t, "bytes": list(t.encode())}]}
        for t in ("my ", "secret")
    ]
    body = json.dumps(
        {"choices": [{"index": n, "message": {"role": "assistant", "content": "my secret"}, "logprobs": {"content": tokens}} for n in range(2)]}
    ).encode()
    found = walk_reply("openai", CHAT, body, "")
    assert [leaf.text for leaf in found.leaves] == ["my secret"] * 2
    assert [tuple(echo) for echo in found.echoes] == [(f"/choices/{n}/logprobs/content", f"/choices/{n}") for n in range(2)]
    changed = json.loads(found.rewrite({0: (Edit(3, 9, "<X>"),)}))
    assert changed["choices"][0] == {"index": 0, "message": {"role": "assistant", "content": "my <X>"}, "logprobs": {"content": []}}
    assert changed["choices"][1] == json.loads(body)["choices"][1]
    assert found.scanned_chars == found.text_chars


def test_tokens_that_say_something_else_are_a_text_of_their_own():
    """A provider that spells a secret only there must not get through."""
    body = json.dumps({"choices": [{"message": {"content": "other"}, "logprobs": {"content": [{"token": "sec"}, {"token": "ret"}]}}]}).encode()
    found = walk_reply("openai", CHAT, body, "")
    assert [leaf.text for leaf in found.leaves] == ["other", "sec", "ret"]
    assert found.chains == ((1, 2),)
    assert json.loads(found.rewrite({1: (Edit(0, 3, "<X>"),)}))["choices"][0]["logprobs"] == {"content": []}
    assert found.scanned_chars == found.text_chars


def test_arguments_after_tokens_are_still_found_by_a_rewrite():
    """Tokens that are dropped as repeats must not shift what is edited."""
    call = {"function": {"arguments": '{"a":"x","b":"y"}'}}
    choices = [
        {"logprobs": {"content": [{"token": "te"}, {"token": "xt"}]}, "message": {"content": "text"}},
        {"message": {"tool_calls": [call]}},
    ]
    found = walk_reply("openai", CHAT, json.dumps({"choices": choices}).encode(), "")
    assert [leaf.text for leaf in found.leaves] == ["text", "x", "y"]
    changed = json.loads(found.rewrite({2: (Edit(0, 1, "<Y>"),)}))["choices"]
    assert changed[0] == choices[0]
    assert changed[1]["message"]["tool_calls"][0]["function"]["arguments"] == '{"a":"x","b":"<Y>"}'


# ---------------------------------------------------------------- media


def test_what_cannot_be_read_is_named_and_text_in_base64_is_read():
    """Images follow the rule for what is unscannable; a text file in base64 is text."""
    secret = "ann@example.org, é"
    coded = base64.b64encode(secret.encode()).decode()
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\x00").decode()
    parts = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}},
        {"type": "image_url", "image_url": {"url": "https://example.org/ann.png"}},
        {"type": "input_audio", "input_audio": {"data": picture, "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": "no base64 at all!", "format": "wav"}},
        {"type": "file", "file": {"file_data": f"data:text/plain;charset=utf-8;base64,{coded}", "filename": "ann.txt"}},
        {"type": "file", "file": {"file_data": coded}},
        {"type": "file", "file": {"file_id": "file-abc"}},
    ]
    found = walked(chat(messages=[{"role": "user", "content": parts}]))
    place = "/messages/0/content"
    assert found.unscannable == tuple(
        f"{place}/{tail}" for tail in ("0/image_url/url", "1/image_url/url", "2/input_audio/data", "6/file/file_id")
    )
    assert [(leaf.pointer.removeprefix(place), leaf.text) for leaf in found.leaves] == [
        ("/1/image_url/url", "https://example.org/ann.png"),
        ("/3/input_audio/data", "no base64 at all!"),
        ("/4/file/file_data#", secret),
        ("/4/file/filename", "ann.txt"),
        ("/5/file/file_data#", secret),
    ]
    assert found.scanned_chars == found.text_chars
    changed = json.loads(found.rewrite({2: (Edit(0, 15, "<EMAIL>"),)}))["messages"][0]["content"][4]["file"]["file_data"]
    assert changed == f"data:text/plain;charset=utf-8;base64,{base64.b64encode('<EMAIL>, é'.encode()).decode()}"


def test_token_numbers_are_unscannable_and_vectors_are_no_text():
    """Numbers that spell text cannot be read; numbers that describe it need not be."""
    found = walked(chat(input=[[1, 2, 3], [4, 5]]))
    assert found.unscannable == ("/input/0", "/input/1")
    reply = walk_reply("openai", CHAT, b'{"data":[{"embedding":[0.0123456789,-0.123456789]}]}', "")
    assert reply.leaves == reply.unscannable == ()


# ---------------------------------------------------------------- entry


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"12", b"null", b"{", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}"])
def test_a_request_that_is_no_unambiguous_object_is_refused(body):
    """C6, C7: the provider may read it in another way than the gate."""
    with pytest.raises(Unreadable):
        walked(body)


@pytest.mark.parametrize("body", [b"<html>ann@example.org", b'{"choices":[{"message":{"content":"ann@exam', b'{"a":"x","a":"y"}', b"\xff\xfe?", b'"\\ud800"'])
def test_a_reply_that_is_no_json_is_one_text(body):
    """A provider's error page is relayed, so it is looked at."""
    found = walk_reply("openai", CHAT, body, "application/json")
    assert [leaf.text for leaf in found.leaves] == [body.decode("utf-8", "replace")]
    assert found.rewrite({}) == body
    end = len(found.leaves[0].text)
    assert found.rewrite({0: (Edit(end - 1, end, "<X>"),)}) == body[:-1] + b"<X>"


def test_a_reply_with_a_byte_order_mark_is_read_all_the_same():
    """Some servers send one, and clients take it."""
    body = b'\xef\xbb\xbf{"choices":[{"message":{"content":"abc"}}]}'
    found = walk_reply("openai", CHAT, body, "")
    assert found.rewrite({0: (Edit(0, 3, "x"),)}) == b'\xef\xbb\xbf{"choices":[{"message":{"content":"x"}}]}'


@pytest.mark.parametrize(
    ("content_type", "body", "texts", "unscannable"),
    [
        ("text/plain", "né".encode(), ["né"], ()),
        ("", b"plain words", ["plain words"], ()),
        ("application/octet-stream", b"plain words", ["plain words"], ()),
        ("application/octet-stream", b"\x00\x01", [], ("",)),
        ("", "plain".encode("utf-16"), [], ("",)),
        ("text/plain", b"a\xffb", ["a\ufffdb"], ()),
        ("text/plain; charset=iso-8859-1", b"n\xe9", ["né"], ()),
        ("text/plain; charset=utf-16", "né".encode("utf-16"), ["\ufeffné"], ()),
        ("text/plain; charset=x-unknown", b"abc", ["abc"], ("",)),
        ("image/png", b"abc", ["abc"], ()),
        ("audio/mpeg", b"ID3", ["ID3"], ()),
        ("application/x-www-form-urlencoded", b"a=b%40c+d&x%40y=1", ["b@c d", "x@y", "1"], ()),
        ("application/x-www-form-urlencoded", b'{"a":"x & y=1","b":[2]}', ["x & y=1"], ()),
        ("application/x-www-form-urlencoded", b'{"a":"x"}\n[{"b":"y"}]\n', ["x", "y"], ()),
        ("application/x-www-form-urlencoded", b'{"a":"1+1=2 & 3"}', ["1+1=2 & 3"], ()),
        ("application/x-www-form-urlencoded", b'{"a":"&card=4111+1111+1111+1111&b="}', ['{"a":"', "4111 1111 1111 1111", '"}'], ()),
        ("application/x-www-form-urlencoded", b"{a=b%40c+d", ["{a", "b@c d"], ()),
        ("application/x-ndjson", b'{"a":"x"}\n\n{"a":"y"}\nno json', ["x", "y", "no json"], ()),
        ("text/plain", b'{"a":"x"}', ["x"], ()),
        ("image/svg+xml", b"<svg>x</svg>", ["<svg>x</svg>"], ()),
        ("", b"", [], ()),
    ],
)
def test_other_bodies_are_read_by_what_they_are(content_type, body, texts, unscannable):
    """Opaque endpoints carry text too, and what is none is never silently clean."""
    found = walk_text(body, content_type)
    assert [leaf.text for leaf in found.leaves] == texts
    assert found.unscannable == unscannable
    assert found.rewrite({}) == body


def test_text_in_another_charset_and_form_values_are_rewritten_as_they_are_written():
    """Law 1 for bytes that are no UTF-8."""
    assert mask(walk_text("é a é".encode("latin-1"), "text/plain; charset=latin1"), "") == b"<X>"
    found = walk_text("é a é".encode("latin-1"), "text/plain; charset=latin1")
    assert found.rewrite({0: (Edit(2, 3, "<X>"),)}) == "é <X> é".encode("latin-1")
    form = walk_text(b"q=a%20b+c&r=%7e", "application/x-www-form-urlencoded")
    assert form.rewrite({0: (Edit(0, 1, "<X>"),)}) == b"q=%3CX%3E+b+c&r=%7e"


def test_batch_lines_are_read_with_the_table_of_their_dialect():
    """A batch file is requests, one a line: roles and chains as in a request."""
    line = json.dumps({"custom_id": "1", "body": {"model": "m", "messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}})
    found = walk_request("openai", FILES, f"{line}\n{line}\n".encode(), "application/jsonl")
    assert [(leaf.pointer, leaf.role) for leaf in found.leaves[1:3]] == [("/0/body/messages/0/content", "system"), ("/0/body/messages/1/content", "user")]
    assert found.chains == ((1, 2), (4, 5))


def test_a_json_request_to_an_unknown_endpoint_is_read_as_strictly():
    """Else a duplicate key would be a way around the guard for every endpoint that is not known."""
    with pytest.raises(Unreadable):
        walk_request("openai", FILES, b'{"a":1,"a":2}', "application/json; charset=utf-8")


def test_a_long_walk_pauses():
    """An event loop has others to serve."""
    walk = JsonWalk(json.dumps(["x"] * 20_000).encode())
    assert sum(1 for _ in walk.steps()) == 5
    assert len(walk.done().leaves) == 20_000
    assert sum(1 for _ in text_steps(b'{"a":"x"}\n' * 10, "")) == 10


# ---------------------------------------------------------------- events


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_events_of_recorded_streams_come_back_as_they_were_and_can_be_edited(case):
    """Law 1 for what the guard of streams rewrites."""
    for line in case.reply.decode("utf-8", "replace").splitlines():
        data = line.removeprefix("data:").strip().encode()
        if not line.startswith("data:") or not data.startswith((b"{", b"[")):
            continue
        try:
            found = walk_value(data, EVENT)
        except Unreadable:  # the recorded stream is cut there
            continue
        assert found.rewrite({}) == data
        for index, leaf in enumerate(found.leaves):
            again = walk_value(found.rewrite({index: (Edit(0, len(leaf.text), "<X> <Y>"),)}), EVENT)
            assert [each.text for each in again.leaves] == [each.text if at != index else "<X> <Y>" for at, each in enumerate(found.leaves)]


def test_members_are_blanked_by_pointer():
    """The readers of streams name what repeats a text; an edit inside it is moot."""
    body = b'{"a": {"b/c": "secret"}, "logprobs": {"content": [{"token": "se"}], "x": {"y": 1}}, "s": "t", "n": 1 }'
    found = walk_value(body)
    edits = {leaf_at(found, "/a/b~1c"): (Edit(0, 6, "<X>"),), leaf_at(found, "/logprobs/content/0/token"): (Edit(0, 2, "<Z>"),)}
    changed = found.rewrite(edits, ["/logprobs/content", "/logprobs/x", "/logprobs/x/y", "/s", "/n", "/nowhere"])
    assert changed == b'{"a": {"b/c": "<X>"}, "logprobs": {"content": [], "x": {}}, "s": "", "n": 1 }'
    assert found.rewrite({}, ["/logprobs", "/logprobs/content"]) == b'{"a": {"b/c": "secret"}, "logprobs": {}, "s": "t", "n": 1 }'


def test_a_data_url_is_looked_into_where_nothing_is_known_and_not_in_what_somebody_says():
    """A model reads what is said to it, base64 or not; a picture in a tool's arguments is a picture."""
    url = "data:image/png;base64," + "iVBORw0KGgo" * 8
    found = walked(chat(messages=[{"role": "user", "content": url}], unknown=url))
    assert [leaf.pointer for leaf in found.leaves] == ["/messages/0/content"]
    assert found.unscannable == ("/unknown",)
    assert [leaf.text for leaf in walk_value(json.dumps({"delta": {"content": url}}).encode(), EVENT).leaves] == [url]
