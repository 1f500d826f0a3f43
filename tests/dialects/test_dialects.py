"""Paths, keys and errors of each dialect; the official SDKs are the judges of the errors."""

from __future__ import annotations

import anthropic
import httpx2
import openai
import orjson
import pytest
from google import genai
from google.genai import errors, types

from gateway.dialects import DIALECTS
from gateway.dialects.opaque import OPAQUE

OPENAI, ANTHROPIC, GEMINI = DIALECTS["openai"], DIALECTS["anthropic"], DIALECTS["gemini"]


@pytest.mark.parametrize(
    ("dialect", "method", "path", "name", "endpoint", "model"),
    [
        ("openai", "POST", "/v1/chat/completions", "chat", "/v1/chat/completions", ""),
        ("openai", "POST", "/openai/v1/chat/completions", "chat", "/openai/v1/chat/completions", ""),
        ("openai", "POST", "/openai/deployments/eu-4o/chat/completions", "chat", "/openai/deployments/{model}/chat/completions", "eu-4o"),
        ("openai", "POST", "/openai/deployments/ada/embeddings", "embeddings", "/openai/deployments/{model}/embeddings", "ada"),
        ("openai", "GET", "/v1/chat/completions", "other", "/v1/chat/completions", ""),
        ("openai", "GET", "/v1/chat/completions/cmpl-1", "other", "/v1/chat/completions/{id}", ""),
        ("openai", "POST", "/v1/completions", "text_completion", "/v1/completions", ""),
        ("openai", "POST", "/v1/responses", "chat", "/v1/responses", ""),
        ("openai", "POST", "/v1/responses/input_tokens", "count_tokens", "/v1/responses/input_tokens", ""),
        ("openai", "GET", "/v1/responses/resp_1", "other", "/v1/responses/{id}", ""),
        ("openai", "DELETE", "/v1/responses/resp_1", "other", "/v1/responses/{id}", ""),
        ("openai", "POST", "/v1/responses/resp_1/cancel", "other", "/v1/responses/{id}/cancel", ""),
        ("openai", "GET", "/v1/responses/resp_1/input_items", "other", "/v1/responses/{id}/input_items", ""),
        ("openai", "POST", "/v1/moderations", "moderation", "/v1/moderations", ""),
        ("openai", "GET", "/v1/models", "list_models", "/v1/models", ""),
        ("openai", "GET", "/v1/models/org/name", "other", "/v1/models/{id}/{id}", ""),
        ("openai", "GET", "/v1/files/file-9/content", "other", "/v1/files/{id}/content", ""),
        ("openai", "GET", "/", "other", "/", ""),
        ("openai", "GET", "/" + "a/" * 50, "other", "/" + "/".join(["{id}"] * 10) + "/{rest}", ""),
        ("anthropic", "POST", "/v1/messages", "chat", "/v1/messages", ""),
        ("anthropic", "POST", "/anthropic/v1/messages", "chat", "/anthropic/v1/messages", ""),
        ("anthropic", "POST", "/v1/messages/count_tokens", "count_tokens", "/v1/messages/count_tokens", ""),
        ("anthropic", "GET", "/v1/models", "list_models", "/v1/models", ""),
        ("anthropic", "GET", "/v1/messages/batches/b_1/results", "other", "/v1/messages/batches/{id}/results", ""),
        ("gemini", "POST", "/v1beta/models/g-1:generateContent", "generate_content", "/v1beta/models/{model}:generateContent", "g-1"),
        ("gemini", "POST", "/v1/models/g-1:streamGenerateContent", "generate_content", "/v1/models/{model}:streamGenerateContent", "g-1"),
        (
            "gemini",
            "POST",
            "/v1alpha/tunedModels/t-1:generateContent",
            "generate_content",
            "/v1alpha/tunedModels/{model}:generateContent",
            "tunedModels/t-1",
        ),
        ("gemini", "POST", "/v1beta/models/g-1%3AcountTokens", "count_tokens", "/v1beta/models/{model}:countTokens", "g-1"),
        ("gemini", "POST", "/v1beta/models/e:batchEmbedContents", "embeddings", "/v1beta/models/{model}:batchEmbedContents", "e"),
        (
            "gemini",
            "POST",
            "/v1/projects/p-1/locations/eu/publishers/google/models/g:generateContent",
            "generate_content",
            "/v1/projects/{id}/locations/{id}/publishers/google/models/{model}:generateContent",
            "g",
        ),
        ("gemini", "POST", "/v1beta/models/g:inventedByClient", "other", "/v1beta/models/{id}", ""),
        ("gemini", "GET", "/v1beta/models", "list_models", "/v1beta/models", ""),
        ("gemini", "GET", "/v1beta/files/abc", "other", "/v1beta/files/{id}", ""),
        ("opaque", "PUT", "/v2/secret-42", "other", "/v2/{id}", ""),
    ],
)
def test_a_path_is_named_by_what_it_asks_for(dialect, method, path, name, endpoint, model):
    """The operation decides what is counted; the template must hold nothing that a client invents (law 9)."""
    route = DIALECTS[dialect].route(method, path)
    assert (route.operation.name, route.endpoint, route.model) == (name, endpoint, model)


def test_what_each_operation_promises():
    """The data plane and the estimator act on these words alone."""

    def words(dialect, method, path):
        operation = DIALECTS[dialect].route(method, path).operation
        return operation.parses, operation.bills, operation.asks_usage, len(operation.ends)

    assert words("openai", "POST", "/v1/chat/completions") == (True, True, True, 2)
    assert words("openai", "POST", "/v1/completions") == (True, True, True, 2)
    assert words("openai", "POST", "/v1/responses") == (True, True, False, 6)
    assert words("openai", "POST", "/v1/embeddings") == (True, True, False, 0)
    assert words("openai", "POST", "/v1/moderations") == (True, False, False, 0)
    assert words("openai", "POST", "/v1/responses/input_tokens") == (True, False, False, 0)
    assert words("openai", "GET", "/v1/models") == (True, False, False, 0)
    assert words("openai", "GET", "/v1/files") == (False, False, False, 0)
    assert words("anthropic", "POST", "/v1/messages") == (True, True, False, 2)
    assert words("anthropic", "POST", "/v1/messages/count_tokens") == (True, False, False, 0)
    assert words("gemini", "POST", "/v1beta/models/m:streamGenerateContent") == (True, True, False, 0)
    assert words("gemini", "POST", "/v1beta/models/m:countTokens") == (True, False, False, 0)


def test_keys_are_found_and_set_where_each_dialect_keeps_them():
    """A gateway key that is not seen is sent on to a provider; a provider key in the wrong header is a 401."""
    assert OPENAI.authorise("sk-1") == (b"authorization", b"Bearer sk-1")
    assert ANTHROPIC.authorise("sk-1") == (b"x-api-key", b"sk-1")
    assert GEMINI.authorise("k") == (b"x-goog-api-key", b"k")
    for dialect in DIALECTS.values():
        assert b"authorization" in dialect.credential_headers
    assert b"x-api-key" in ANTHROPIC.credential_headers and b"api-key" in OPENAI.credential_headers
    assert b"x-goog-api-key" in GEMINI.credential_headers and GEMINI.key_query == "key"


def client(body: bytes, status: int = 200, content_type: str = "application/json") -> httpx2.Client:
    return httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(status, content=body, headers={"content-type": content_type})))


@pytest.mark.parametrize(
    ("status", "raised", "kind"),
    [
        (400, openai.BadRequestError, "invalid_request_error"),
        (401, openai.AuthenticationError, "authentication_error"),
        (403, openai.PermissionDeniedError, "permission_error"),
        (404, openai.NotFoundError, "invalid_request_error"),
        (413, openai.APIStatusError, "invalid_request_error"),
        (429, openai.RateLimitError, "rate_limit_error"),
        (502, openai.InternalServerError, "server_error"),
        (504, openai.InternalServerError, "server_error"),
    ],
)
def test_the_openai_sdk_raises_the_right_class_with_our_code(status, raised, kind):
    """An app's handlers are written against the SDK's classes and codes."""
    http = client(OPENAI.error(status, "our_code", "what happened", "req-7"), status)
    with pytest.raises(raised) as caught:
        openai.OpenAI(api_key="x", base_url="http://gate/v1", max_retries=0, http_client=http).models.list()
    assert (caught.value.code, caught.value.type, caught.value.body["message"]) == ("our_code", kind, "what happened (request req-7)")


@pytest.mark.parametrize(
    ("status", "raised", "kind"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (413, anthropic.APIStatusError, "request_too_large"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (502, anthropic.InternalServerError, "api_error"),
        (504, anthropic.InternalServerError, "timeout_error"),
        (529, anthropic.InternalServerError, "overloaded_error"),
    ],
)
def test_the_anthropic_sdk_raises_the_right_class_with_our_code(status, raised, kind):
    """As above; the code begins the message because the shape has no field for it."""
    http = client(ANTHROPIC.error(status, "our_code", "what happened", "req-7"), status)
    with pytest.raises(raised) as caught:
        anthropic.Anthropic(api_key="x", base_url="http://gate", max_retries=0, http_client=http).models.list()
    assert caught.value.body == {"type": "error", "error": {"type": kind, "message": "our_code: what happened"}, "request_id": "req-7"}


@pytest.mark.parametrize(
    ("status", "raised", "word"),
    [
        (400, errors.ClientError, "INVALID_ARGUMENT"),
        (401, errors.ClientError, "UNAUTHENTICATED"),
        (429, errors.ClientError, "RESOURCE_EXHAUSTED"),
        (502, errors.ServerError, "UNAVAILABLE"),
    ],
)
def test_the_google_sdk_raises_the_right_class_with_our_code(status, raised, word):
    """As above; the code is the ErrorInfo's reason."""
    options = types.HttpOptions(base_url="http://gate", httpx_client=client(GEMINI.error(status, "our_code", "what happened", "req-7"), status))
    with pytest.raises(raised) as caught:
        genai.Client(api_key="x", http_options=options).models.generate_content(model="m", contents="x")
    assert (caught.value.code, caught.value.status, caught.value.message) == (status, word, "what happened")
    assert caught.value.details["error"]["details"][0]["reason"] == "our_code"


CHUNK = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}\n\n'


def test_an_error_in_a_running_openai_stream_is_raised_by_the_sdk():
    """A stream that just ends looks like a short answer."""
    chat = OPENAI.route("POST", "/v1/chat/completions").operation
    body = CHUNK + OPENAI.stream_error(chat, "provider_timeout", "idle for 60 s", "req-7")
    sdk = openai.OpenAI(api_key="x", base_url="http://gate/v1", max_retries=0, http_client=client(body, content_type="text/event-stream"))
    with pytest.raises(openai.APIError) as caught:
        list(sdk.chat.completions.create(model="m", messages=[], stream=True))
    assert (caught.value.code, caught.value.message) == ("provider_timeout", "idle for 60 s (request req-7)")


def test_an_error_in_a_running_responses_stream_is_raised_by_the_sdk_and_has_the_documented_fields():
    """The SDK raises by `error`; clients that go by the reference read the fields at the top."""
    operation = OPENAI.route("POST", "/v1/responses").operation
    body = OPENAI.stream_error(operation, "provider_timeout", "idle", "")
    name, data = body.decode().removesuffix("\n\n").split("\n")
    assert name == "event: error"
    event = orjson.loads(data.removeprefix("data: "))
    assert {key: event[key] for key in ("type", "code", "message", "param")} == {
        "type": "error",
        "code": "provider_timeout",
        "message": "idle",
        "param": None,
    }
    sdk = openai.OpenAI(api_key="x", base_url="http://gate/v1", max_retries=0, http_client=client(body, content_type="text/event-stream"))
    with pytest.raises(openai.APIError):
        list(sdk.responses.create(model="m", input="x", stream=True))


def test_an_error_in_a_running_anthropic_stream_is_raised_by_the_sdk():
    """As above."""
    body = ANTHROPIC.stream_error(ANTHROPIC.route("POST", "/v1/messages").operation, "provider_timeout", "idle", "req-7")
    sdk = anthropic.Anthropic(api_key="x", base_url="http://gate", max_retries=0, http_client=client(body, content_type="text/event-stream"))
    with pytest.raises(anthropic.APIStatusError) as caught:
        list(sdk.messages.create(model="m", max_tokens=1, messages=[], stream=True))
    assert caught.value.body["error"] == {"type": "api_error", "message": "provider_timeout: idle"}


def test_an_error_in_a_running_gemini_stream_is_raised_by_the_sdk():
    """As above."""
    body = GEMINI.stream_error(GEMINI.route("POST", "/v1beta/models/m:streamGenerateContent").operation, "provider_timeout", "idle", "req-7")
    options = types.HttpOptions(base_url="http://gate", httpx_client=client(body, content_type="text/event-stream"))
    with pytest.raises(errors.APIError) as caught:
        list(genai.Client(api_key="x", http_options=options).models.generate_content_stream(model="m", contents="x"))
    assert caught.value.status == "UNAVAILABLE"


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_an_operation_that_does_not_stream_gets_no_error_event(dialect):
    """Bytes added to a file or an image would corrupt it."""
    assert dialect.stream_error(OPAQUE, "code", "message", "req") == b""


def test_the_opaque_dialect_answers_in_openais_shape():
    """Some shape it must be, and most tools can show this one."""
    assert DIALECTS["opaque"].error(502, "c", "m", "") == b'{"error":{"message":"m","type":"server_error","param":null,"code":"c"}}'
