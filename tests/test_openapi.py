"""The OpenAPI document says what the service does."""

import pytest
from small_service import ASKED
from starlette.testclient import TestClient

from qa.engine import PAGE_LANGUAGES
from views.formats import FORMATS

FILE = "/v1/citations/{citation_id}/{form}"


def test_the_schema_describes_the_answers(client: TestClient) -> None:
    """OpenAPI has an example question, and every schema that a route refers to."""
    schema = client.get("/openapi.json").json()
    assert "Torino City Lab" in str(schema["components"]["schemas"]["Question"]["examples"])
    assert {"Answer", "Citation", "Problem", "WholeDocument"} <= set(
        schema["components"]["schemas"]
    )


def test_the_schema_says_what_is_refused(client: TestClient) -> None:
    """A client made from it knows the languages, and that a question is not blank."""
    schema = client.get("/openapi.json").json()
    posted = schema["components"]["schemas"]["Question"]["properties"]
    linked = {part["name"]: part for part in schema["paths"]["/v1/ask"]["get"]["parameters"]}
    assert {"en", "it", None} <= set(posted["language"]["enum"])
    assert {"en", "it", ""} <= set(linked["language"]["schema"]["enum"])
    assert "null" not in str(linked)  # no query string can say it
    assert None not in linked["language"]["schema"]["enum"]
    for question in (posted["question"], linked["q"]["schema"]):
        assert question["pattern"] == r"\S"


def test_errors_are_problems_only(client: TestClient) -> None:
    """No operation promises an error in another media type than it has."""
    for operations in client.get("/openapi.json").json()["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]


def test_keys_are_described(client: TestClient) -> None:
    """A client made from it can send one, and need not; health needs none."""
    schema = client.get("/openapi.json").json()
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            wanted = [{}, {"bearer": []}] if path.startswith("/v1/") else None
            assert operation.get("security") == wanted


@pytest.mark.parametrize(
    ("path", "status", "header"),
    [
        ("/v1/ask", "200", "ETag"),
        ("/v1/ask", "304", "ETag"),
        ("/v1/ask", "401", "WWW-Authenticate"),
        ("/v1/documents", "429", "Retry-After"),
        ("/readyz", "503", "Retry-After"),
        (FILE, "200", "Content-Disposition"),
    ],
)
def test_headers_are_described(client: TestClient, path: str, status: str, header: str) -> None:
    """Those that a client acts on, and everywhere the name in the log."""
    schema = client.get("/openapi.json").json()
    headers = schema["paths"][path]["get"]["responses"][status]["headers"]
    assert list(headers) == [header, "X-Request-ID"]
    for reference in headers.values():
        assert reference["$ref"].rpartition("/")[2] in schema["components"]["headers"]


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    """304 to the entity tag, as described."""
    asked = {"q": ASKED["question"]}
    etag = client.get("/v1/ask", params=asked).headers["etag"]
    again = client.get("/v1/ask", params=asked, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_a_file_s_languages_are_those_described(client: TestClient) -> None:
    """All there are; another is refused, and where none is chosen the browser's decides."""
    operation = client.get("/openapi.json").json()["paths"][FILE]["get"]
    described = {part["name"]: part["schema"] for part in operation["parameters"]}
    assert described["form"]["enum"] == list(FORMATS)
    assert described["lang"]["enum"] == list(PAGE_LANGUAGES)
    passages = client.post("/v1/ask", json=ASKED).json()["passages"]
    file = f"/v1/citations/{passages[0]['citation']['id']}/plain"
    assert client.get(file, params={"lang": "klingon"}).status_code == 422
    reader = client.get(file, headers={"Accept-Language": "it"}).text
    assert reader == client.get(file, params={"lang": "it"}).text
    assert reader != client.get(file).text
