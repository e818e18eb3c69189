"""Whatever is sent to whatever address, by whomever: an answer in the one shape, and never a 500."""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from annotator.accounts.models import User
from tests.api.refusals import check_refused
from tests.api.test_roles import OUTSIDE, TABLE, U, address, ask, cast, world

__all__ = ["cast", "world"]

pytestmark = pytest.mark.django_db
BOUNDED = settings(
    max_examples=250,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CALLS = [
    (route, method, body)
    for route, methods in (TABLE | OUTSIDE).items()
    for method, (body, _) in methods.items()
]
WRITES = [call for call in CALLS if call[1] in ("PUT", "POST", "PATCH") and call[0] != "docs/"]
KEYS = sorted({key for _, _, body in CALLS for key in body or ()} | {
    "fragments", "stance", "holder", "target", "explicit", "confidence", "quote", "version", "guideline", "span", "meta",
    "reply_to", "title", "language", "takes_part", "readers_per_document", "lease_minutes", "open_after", "may_reopen",
    "definition", "color", "key", "position", "parent", "sets", "names", "resamples", "seed", "options", "reason", "id",
})  # fmt: skip
WORDS = ["claim", "pro-sanctuary", "supports", "news", "mayor", "harbour", "manager", "heartbeat", "skip", "accepted",
         "jsonl", "stance", "csv", "document", str(U[0]), "-", "ß", "İ", "a" * 81, "a" * 100_001, "'; --", "\x7f", "\u202e",
         "%", "{}", "../..", "=1+1", "<b>"]  # fmt: skip

values = st.recursive(
    st.one_of(
        st.sampled_from(
            [None, True, False, 0, 1, -1, 0.5, 1e308, -0.0, 2**31 - 1, 2**31, 2**63, -(2**63), 10**30, ""]
        ),
        st.sampled_from(WORDS),
        st.text(max_size=6),
        st.integers(-5, 60),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4),
    ),
    max_leaves=8,
)
queries = st.sampled_from([
    "", "", "", "?restore=1", "?restore=x", "?page=2", "?page_size=1", "?cursor=x", "?state=open", "?document=1",
    "?format=x", "?%ff=%ff", "?a=%ED%A0%80", "?kind=human&kind=x",
])  # fmt: skip
headers = st.sampled_from([
    {}, {}, {"If-Match": '"1"'}, {"If-Match": "x"}, {"If-None-Match": "*"}, {"Accept": "text/html"}, {"Accept": "x"},
    {"Content-Type": "application/json; charset=utf-16"}, {"X-HTTP-Method-Override": "DELETE"}, {"Range": "bytes=0-1"},
])  # fmt: skip


def changed(draw: st.DrawFn, body: Any) -> Any:
    """A body that is right but for a key or two, or nothing like one."""
    if not isinstance(body, dict) or draw(st.integers(0, 5)) == 0:
        return draw(values)
    made = dict(body)
    for _ in range(draw(st.integers(1, 2))):
        made[draw(st.sampled_from(sorted(body) + KEYS if body else KEYS))] = draw(values)
    return made


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, Any, str, dict[str, str]]:
    route, method, body = draw(st.sampled_from(CALLS + WRITES * 4))
    return route, method, changed(draw, body) if method != "GET" else None, draw(queries), draw(headers)


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.content[:500]
    if answer.status_code >= 400 and answer.headers["Content-Type"].startswith("application/json"):
        check_refused(answer, answer.status_code)


def test_nothing_that_is_sent_breaks_the_server(
    api: Any, cast: dict[str, User], world: dict[str, Any]
) -> None:
    clients = {who: api(cast[who]) for who in ("manager", "annotator")}

    @BOUNDED
    @given(request=requests())
    def send(request: tuple[str, str, Any, str, dict[str, str]]) -> None:
        route, method, body, query, given_headers = request
        url = address(route, world) + query
        sent = json.dumps(body).encode()
        for client in clients.values():
            extra = {"headers": {k: v for k, v in given_headers.items() if k != "Content-Type"}}
            kind = given_headers.get("Content-Type", "application/json")
            check(raw(client, method, url, sent, kind, extra))

    send()


def raw(client: Any, method: str, url: str, sent: bytes, kind: str, extra: dict[str, Any]) -> Any:
    """The answer, in a world in which nothing has happened."""
    with transaction.atomic():
        answer = client.generic(method, url, sent, content_type=kind, **extra)
        transaction.set_rollback(True)
    return answer


def test_each_key_refuses_what_it_is_not(
    api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any
) -> None:
    """Every key of every body with values of every kind: 2xx where it fits, else 4xx."""
    hostile = [None, True, -1, 1.5, 2**31, 2**64, "", "x" * 300_000, [], {}, {"a": [1]}, ["x", None]]
    for route, method, body in WRITES:
        client = api(cast["annotator" if "sets/" in route else "manager"])
        for key in body or ():
            with subtests.test(f"{method} {route}: {key}"):
                for value in hostile:
                    check(ask(client, method, address(route, world), {**body, key: value}))


def test_what_the_schema_describes_is_answered(
    api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any
) -> None:
    """Requests made from the OpenAPI document itself, three an operation."""
    client = api(cast["manager"])
    document = json.loads(client.get("/api/v1/schema/?format=json").content)
    # What the world does not have is asked for by a number that is nobody's, or somebody else's.
    known: dict[str, Any] = defaultdict(lambda: 1, p="harbour", uid=U[0])
    for name, value in world.items():
        known.setdefault(name.rpartition(":")[2].rstrip(">"), value)
    count = 0
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()

        @settings(BOUNDED, max_examples=3)
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            nonlocal count
            count += 1
            path = case.path.format_map(known)
            query = urlencode(dict(case.query or {}), doseq=True)
            body = case.body if isinstance(case.body, (dict, list, str, int, float, bool, type(None))) else {}
            sent = json.dumps(body).encode()
            check(raw(client, case.method, f"{path}?{query}", sent, "application/json", {}))

        with subtests.test(f"{operation.method} {operation.path}"):
            send()
    assert count >= 100
