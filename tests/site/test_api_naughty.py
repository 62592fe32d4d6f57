"""Every naughty entry in every field, query and address of every operation of the API.

The description of the API says which there are. A request carries another entry in each place,
so that as many requests as there are entries do for one operation, and nearly all of them are
refused before a row is read; then each field alone goes to the command, among fields as they
should be. What an operation takes in its address alone is a number of something, whose entries
the operations share: each takes its part of the list. Everything is rolled back.
"""

import json
from collections.abc import Callable
from itertools import count
from urllib.parse import quote

import pytest
from django.test import Client

from lipei.site.api import api
from tests.naughty import ENTRIES
from tests.site.stand import OWN, Stand, undone
from tests.site.test_api_schema import WORK
from tests.steps import photograph

pytestmark = pytest.mark.django_db
HALVED = ("\ud800", "\udfff a", "a\ud83d")
"""Halves of characters, as JSON can spell them."""
ALL = (*ENTRIES, *HALVED)
ALONE = 3
OF_AN_ADDRESS = 60
DESCRIBED = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = [
    (f"{method} {path}", told)
    for path, methods in DESCRIBED["paths"].items()
    for method, told in methods.items()
]
PLAIN = {"string": "测试", "integer": 1, "number": 1, "boolean": True, "null": None}
SHORTEST_KEY = "Idempotency-Key"
_keys = count(1)


def client_of(stand: Stand, name: str) -> Client:
    """A program that calls for the one whose work this operation is."""
    who = next((who for who, names in WORK.items() if name in names), OWN)
    headers = {"Authorization": f"Bearer {stand.tokens[who]}"}
    return Client(headers=headers, raise_request_exception=False)


def body_of(schema: dict, put: Callable[[str, object], object], at: str = "") -> object:
    """A body of this shape, in which `put` says what stands in each place."""
    if "$ref" in schema:
        found = DESCRIBED["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return body_of(found, put, at)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return body_of(schema[several][0], put, at)
    if schema.get("type") == "object" or "properties" in schema:
        inner = schema.get("properties", {})
        made = {name: body_of(one, put, f"{at}.{name}") for name, one in inner.items()}
        more = schema.get("additionalProperties")
        return made | ({"1": body_of(more, put, f"{at}.1")} if isinstance(more, dict) else {})
    if schema.get("type") == "array":
        return [body_of(schema.get("items", {}), put, f"{at}.0")]
    return put(at, plausible(schema))


def plausible(schema: dict) -> object:
    """What stands in a place as it should."""
    for word in ("example", "default"):
        if schema.get(word) not in (None, ""):
            return schema[word]
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    return PLAIN.get(schema.get("type", "string"), "测试")


def shape_of(told: dict) -> dict:
    """The schema of an operation's body in JSON; empty where it takes none."""
    content = told.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def places(told: dict, kind: str) -> list[str]:
    return [one["name"] for one in told.get("parameters", []) if one["in"] == kind]


def send(client: Client, what: str, *, path: dict, query: dict, body: object) -> None:
    """Send one request and undo it; it must be answered, and a no must be told in words."""
    method, route = what.split(" ")
    for name, value in path.items():
        route = route.replace(f"{{{name}}}", quote(value, safe=""))
    data = "" if body is None else json.dumps(body)
    with undone():
        response = client.generic(
            method.upper(), route, data, content_type="application/json", query_params=query,
            headers={SHORTEST_KEY: f"naughty-{next(_keys)}"},
        )  # fmt: skip
    assert response.status_code < 500, (what, path, query, body)
    if response.status_code >= 400:
        told = response.json()
        assert told["detail"], (what, path, query, body)
        assert told["next"], (what, path, query, body)


def in_an_address(entry: str) -> str:
    """An entry as it can stand between two strokes of an address."""
    kept = entry.replace("/", "")[:2_000].encode("utf-8", "ignore").decode()
    return kept or "-"


@pytest.mark.parametrize(("what", "told"), OPERATIONS, ids=[what for what, _ in OPERATIONS])
def test_no_operation_fails_whatever_stands_in_its_places(what, told, stand):
    client, shape = client_of(stand, told["operationId"]), shape_of(told)
    seen: dict[str, set[str]] = {}
    names, asked = places(told, "path"), places(told, "query")
    turns = len(ALL) if shape or asked else OF_AN_ADDRESS if names else 0
    first = OPERATIONS.index((what, told)) * OF_AN_ADDRESS
    for turn in range(first, first + turns):
        step = count(turn, 7)

        def hostile(at, _plain, step=step):
            entry = ALL[next(step) % len(ALL)]
            seen.setdefault(at, set()).add(entry)
            return entry

        path = {name: in_an_address(hostile(name, "")) for name in names}
        query = {name: in_an_address(hostile(name, "")) for name in asked}
        send(client, what, path=path, query=query, body=body_of(shape, hostile) if shape else None)
    assert all(len(one) == turns for one in seen.values())
    one_at_a_time(client, what, told, stand)


def one_at_a_time(client: Client, what: str, told: dict, stand: Stand) -> None:
    """Some entries reach the command: the claim is there, and all else stands as it should."""
    shape, fields = shape_of(told), []
    if not shape:
        return
    body_of(shape, lambda at, _plain: fields.append(at))
    for n, name in enumerate(fields):
        for turn in range(ALONE):
            entry = ALL[(n * ALONE * 7 + turn * 83) % len(ALL)]
            body = body_of(shape, lambda at, plain, n=name, e=entry: e if at == n else plain)
            path = dict.fromkeys(places(told, "path"), "1")
            path |= {"number": stand.claims[turn], "order": stand.orders[0]}
            send(client, what, path=path, query={}, body=body)


def test_no_name_of_a_file_and_no_key_of_a_request_fails(stand):
    client = client_of(stand, "take_upload")
    for entry in ENTRIES:
        file = photograph()
        file.name = entry
        key = entry.encode().decode("latin-1")
        with undone():
            response = client.post("/api/v1/uploads", {"file": file}, headers={SHORTEST_KEY: key})
        assert response.status_code < 500, entry
        with undone():
            file.seek(0)
            response = client.post(
                "/api/v1/uploads", {"file": file}, headers={SHORTEST_KEY: f"file-{next(_keys)}"}
            )
        assert response.status_code < 500, entry
