"""Bodies that are too large, too deep, of the wrong kind or not text; tokens, methods and addresses that do not fit."""

import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.projects.models import Project
from tests.api.refusals import check_refused, nothing_stored

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
JSON = "application/json"
GOOD: dict[str, Any] = {"start": 2, "end": 19, "stance": "pro-sanctuary", "role": "claim"}
MEGABYTES = 1024 * 1024


@pytest.fixture
def unchanged(reading: AnnotationSet) -> Iterator[AnnotationSet]:
    """Ada's open reading, in a world in which the test may change nothing."""
    with nothing_stored():
        yield reading


def span_url(reading: AnnotationSet) -> str:
    return f"{P}/sets/{reading.pk}/spans/{uuid.UUID(int=1)}/"


def writes(reading: AnnotationSet) -> list[tuple[str, str]]:
    """Every address that takes a JSON body, with its method."""
    own = f"{P}/sets/{reading.pk}"
    return [
        ("POST", "/api/v1/tokens/"),
        ("POST", "/api/v1/projects/"),
        ("PATCH", f"{P}/"),
        ("POST", f"{P}/memberships/"),
        ("PATCH", f"{P}/memberships/{reading.membership_id}/"),
        ("POST", f"{P}/invitations/"),
        ("POST", f"{P}/labels/"),
        ("POST", f"{P}/targets/"),
        ("POST", f"{P}/holders/"),
        ("POST", f"{P}/guidelines/"),
        ("POST", f"{P}/documents/"),
        ("PATCH", f"{P}/assignments/{reading.assignments.get().pk}/"),
        ("PUT", f"{own}/spans/{uuid.UUID(int=1)}/"),
        ("PUT", f"{own}/relations/{uuid.UUID(int=2)}/"),
        ("PUT", f"{own}/comments/{uuid.UUID(int=3)}/"),
        ("PUT", f"{own}/document-labels/"),
        ("PUT", f"{own}/review/"),
        ("POST", f"{P}/agreement/"),
    ]


def nested(depth: int) -> bytes:
    return b'{"note":' + b"[" * depth + b"]" * depth + b"}"


BAD_JSON: list[tuple[str, bytes, str]] = [
    ("33 levels", nested(32), "too_deep"),
    ("1,000 levels", nested(1_000), "too_deep"),
    ("100,000 levels", nested(100_000), "too_deep"),
    ("100,000 levels that never close", b"[" * 100_000, "too_deep"),
    ("100,000 objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
    ("an escaped lone surrogate", b'{"note":"\\ud83d"}', "lone_surrogate"),
    ("a low surrogate first", b'{"note":"\\ude0a\\ud83d"}', "lone_surrogate"),
    ("a lone surrogate as key", b'{"\\ud83d":1}', "lone_surrogate"),
    ("a lone surrogate deep down", b'{"meta":{"a":[{"b":"x\\udfff"}]}}', "lone_surrogate"),
    ("a lone surrogate deep down as key", b'{"meta":{"a":[{"x\\udfff":1}]}}', "lone_surrogate"),
    ("a raw surrogate in UTF-8", b'{"note":"\xed\xa0\xbd"}', "parse_error"),
    ("NUL", b'{"note":"a\\u0000b"}', "nul_character"),
    ("NUL as key", b'{"a\\u0000":1}', "nul_character"),
    ("NUL deep down", b'{"meta":{"a":{"b":["\\u0000"]}}}', "nul_character"),
    ("a raw NUL", b'{"note":"a\x00b"}', "parse_error"),
    ("NaN", b'{"confidence":NaN}', "parse_error"),
    ("Infinity", b'{"confidence":-Infinity}', "parse_error"),
    ("a number beyond floats", b'{"confidence":1e999}', "parse_error"),
    ("a number of 5,000 digits", b'{"start":' + b"9" * 5_000 + b"}", "parse_error"),
    ("Latin-1", '{"note":"é"}'.encode("latin-1"), "parse_error"),
    ("UTF-16", '{"note":"é"}'.encode("utf-16"), "parse_error"),
    ("half an object", b'{"note":', "parse_error"),
    ("two objects", b"{}{}", "parse_error"),
    ("an open string", b'"', "parse_error"),
    ("no JSON", b"note=1", "parse_error"),
]


def test_what_is_no_json_of_ours_is_refused_everywhere(
    api: Any, mona: User, unchanged: AnnotationSet, subtests: Any
) -> None:
    client = api(mona)
    thoroughly = (f"{P}/documents/", "/api/v1/tokens/", span_url(unchanged))
    for method, url in writes(unchanged):
        for name, sent, code in BAD_JSON if url in thoroughly else BAD_JSON[::6]:
            with subtests.test(f"{method} {url}: {name}"):
                answer = client.generic(method, url, sent, content_type=JSON)
                check_refused(answer, 400, code)


def test_a_body_that_is_no_object_is_refused_everywhere(
    api: Any, mona: User, unchanged: AnnotationSet, subtests: Any
) -> None:
    client = api(mona)
    for method, url in writes(unchanged):
        for sent in (b"null", b'"text"', b"[null]", b"[[]]"):
            with subtests.test(f"{method} {url}: {sent!r}"):
                answer = client.generic(method, url, sent, content_type=JSON)
                check_refused(answer, 400)


def test_an_unknown_key_is_refused_everywhere(
    api: Any, mona: User, unchanged: AnnotationSet, subtests: Any
) -> None:
    client = api(mona)
    for method, url in writes(unchanged):
        if url.endswith("document-labels/"):  # its keys are the project's questions
            continue
        with subtests.test(f"{method} {url}"):
            answer = client.generic(method, url, b'{"is_superuser": true}', content_type=JSON)
            check_refused(answer, 400, "unknown_key", attr="is_superuser")


def test_other_content_types_are_415(api: Any, mona: User, unchanged: AnnotationSet, subtests: Any) -> None:
    client = api(mona)
    body = json.dumps(GOOD).encode()
    for method, url in writes(unchanged):
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/xml",
        ):
            with subtests.test(f"{method} {url}: {kind}"):
                answer = client.generic(method, url, body, content_type=kind)
                check_refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", [JSON, "application/x-www-form-urlencoded", "text/plain"])
def test_sixty_megabytes_are_refused_unread(api: Any, ada: User, reading: AnnotationSet, kind: str) -> None:
    class Body(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            Body.taken += len(data)
            return data

    sent = Body(b'{"note":"' + b"x" * (60 * MEGABYTES) + b'"}')
    with nothing_stored():
        answer = api(ada).generic(
            "PUT", span_url(reading), b"", content_type=kind,
            **{"wsgi.input": sent, "CONTENT_LENGTH": str(60 * MEGABYTES + 11)},
        )  # fmt: skip
    check_refused(answer, 413 if kind == JSON else 415)
    assert Body.taken <= 9 * MEGABYTES


@pytest.mark.parametrize("url", ["/api/v1/tokens/", f"{P}/documents/", f"{P}/assignments/"])
def test_a_large_form_is_refused_before_its_token_is_looked_for(
    mona: User, project: Project, url: str
) -> None:
    """Django looks for the CSRF token in the form, and so would read it."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(mona, backend="django.contrib.auth.backends.ModelBackend")
    body = b"a=" + b"x" * (9 * MEGABYTES)
    with nothing_stored():
        answer = client.generic("POST", url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 403, 413, 415), answer.content
    check_refused(answer, answer.status_code)


def test_a_length_that_lies_is_found_out(api: Any, ada: User, reading: AnnotationSet) -> None:
    """Where the length is not told truly, at most what is allowed is read."""
    sent = io.BytesIO(b'{"note":"' + b"x" * (20 * MEGABYTES) + b'"}')
    with nothing_stored():
        answer = api(ada).generic(
            "PUT", span_url(reading), b"", content_type=JSON,
            **{"wsgi.input": sent, "CONTENT_LENGTH": str(7 * MEGABYTES)},
        )  # fmt: skip
    check_refused(answer, 400, "parse_error")
    assert sent.tell() <= 9 * MEGABYTES


def test_just_under_the_limit_is_parsed(api: Any, ada: User, reading: AnnotationSet) -> None:
    body = {**GOOD, "note": "x" * (7 * MEGABYTES)}
    check_refused(api(ada).put(span_url(reading), body), 400, "max_length", attr="note")


def test_thirty_two_levels_are_taken(api: Any, mona: User, project: Project) -> None:
    deep: Any = "bottom"
    for _ in range(30):
        deep = [deep]
    body = {"external_id": "deep", "text": "Deep.", "meta": {"deep": deep}}
    answer = api(mona).post(f"{P}/documents/", body)
    assert answer.status_code == 201, answer.content
    found = api(mona).get(f"{P}/documents/{Document.objects.get(external_id='deep').pk}/").json()
    assert found["meta"] == {"deep": deep}


def test_an_empty_body_where_one_is_wanted_is_400(
    api: Any, mona: User, unchanged: AnnotationSet, subtests: Any
) -> None:
    for method, url in writes(unchanged):
        if method == "PATCH" or url.endswith(("/agreement/", "document-labels/")):
            continue  # no change, every default, no answers: all may be
        with subtests.test(f"{method} {url}"):
            answer = api(mona).generic(method, url)
            check_refused(answer, 400)


# CSRF: a browser's session alone changes nothing.


@pytest.fixture
def signed_in(ada: User) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def tokens(signed_in: Client) -> dict[str, str]:
    """The cookie's token, and one of the same form that is another's."""
    from django.middleware.csrf import _get_new_csrf_string  # type: ignore[attr-defined]

    right = _get_new_csrf_string()
    signed_in.cookies["csrftoken"] = right
    return {"right": right, "wrong": _get_new_csrf_string()}


@pytest.mark.parametrize("header", [None, "", "wrong", "short", "é" * 32, "x" * 5_000])
def test_a_write_with_a_wrong_or_missing_csrf_token_is_refused(
    signed_in: Client, tokens: dict[str, str], reading: AnnotationSet, header: str | None
) -> None:
    headers = {} if header is None else {"X-CSRFToken": tokens.get(header, header)}
    for method, url, body in [
        ("PUT", span_url(reading), GOOD),
        ("DELETE", span_url(reading), None),
        ("PUT", f"{P}/sets/{reading.pk}/submission/", None),
        ("POST", f"{P}/assignments/", None),
        ("PUT", f"{P}/sets/{reading.pk}/document-labels/", {}),
    ]:
        with nothing_stored():
            answer = signed_in.generic(method, url, json.dumps(body), content_type=JSON, headers=headers)
        check_refused(answer, 403)


def test_a_write_with_its_csrf_token_is_taken(
    signed_in: Client, tokens: dict[str, str], reading: AnnotationSet
) -> None:
    headers = {"X-CSRFToken": tokens["right"]}
    answer = signed_in.put(span_url(reading), json.dumps(GOOD), content_type=JSON, headers=headers)
    assert answer.status_code == 201, answer.content


def test_a_token_in_the_form_helps_nobody(
    signed_in: Client, tokens: dict[str, str], reading: AnnotationSet
) -> None:
    with nothing_stored():
        answer = signed_in.post(f"{P}/assignments/", {"csrfmiddlewaretoken": tokens["right"]})
    check_refused(answer, 415)


# Methods, addresses, pages.


def test_a_wrong_method_is_405(api: Any, mona: User, unchanged: AnnotationSet, subtests: Any) -> None:
    for method, url in [
        ("GET", span_url(unchanged)),
        ("POST", span_url(unchanged)),
        ("PATCH", span_url(unchanged)),
        ("HEAD", span_url(unchanged)),
        ("DELETE", f"{P}/"),
        ("PUT", f"{P}/"),
        ("DELETE", f"{P}/sets/{unchanged.pk}/"),
        ("PUT", f"{P}/sets/"),
        ("DELETE", f"{P}/documents/"),
        ("PATCH", f"{P}/documents/{unchanged.document_id}/"),
        ("PUT", f"{P}/events/"),
        ("DELETE", f"{P}/events/"),
        ("POST", "/api/v1/me/"),
        ("TRACE", "/api/v1/me/"),
        ("BREW", "/api/v1/me/"),
    ]:
        with subtests.test(f"{method} {url}"):
            answer = api(mona).generic(method, url)
            if method == "HEAD":
                assert answer.status_code == 405
            else:
                check_refused(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    ["nowhere/", "projects/harbour/nowhere/", "projects/harbour/sets/one/", "projects/harbour/sets/-1/",
     "projects/harbour/sets/1.5/", "projects/harbour/documents/²/", "projects//", "projects/harbour/jobs/1/",
     "projects/har%00bour/", "projects/%00/sets/1/", "projects/har%ED%A0%BDbour/", "projects/%FF/",
     "projects/HARBOUR/", "projects/harbour%20/", "projects/..%2fharbour/", "projects/" + "x" * 5000 + "/"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_404(api: Any, mona: User, project: Project, path: str) -> None:
    answer = api(mona).get(f"/api/v1/{path}")
    assert answer.status_code in (400, 404), answer.content
    check_refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "path",
    ["projects/har%00bour/sets/{set}/spans/{uid}/", "projects/har%00bour/sets/{set}/submission/",
     "projects/har%00bour/sets/{set}/relations/{uid}/", "projects/%00/sets/{set}/comments/{uid}/"],
)  # fmt: skip
def test_a_write_below_an_impossible_project_is_refused(
    api: Any, ada: User, reading: AnnotationSet, path: str
) -> None:
    url = "/api/v1/" + path.format(set=reading.pk, uid=uuid.uuid4())
    with nothing_stored():
        answer = api(ada).put(url, GOOD)
    assert answer.status_code in (400, 404), answer.content
    check_refused(answer, answer.status_code)


LISTS = [
    "/api/v1/projects/",
    *(f"{P}/{name}/" for name in (
        "memberships", "invitations", "labels", "targets", "holders", "guidelines", "documents", "sets", "agreement",
        "jobs", "events",
    )),
]  # fmt: skip
# Cursors as DRF writes them, in base64: p=abc, p=NUL, p=9 (5,000 times), o=-1, o=x, p=1e999, p=null.
CURSORS = [
    "x", "%00", "é", "cD1hYmM=", "cD0lMDA=", "cD0=", "bz0tMQ==", "bz14", "bz05OTk5OTk5OTk5OTk5OTk=", "cD0xZTk5OQ==",
    "cD1udWxs", "cj0xJnA9YQ==", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=", "====", "a" * 5000,
]  # fmt: skip


def test_a_malformed_page_or_cursor_is_4xx(
    api: Any, mona: User, unchanged: AnnotationSet, subtests: Any
) -> None:
    client = api(mona)
    for url in LISTS:
        assert client.get(url).status_code == 200, url
        for given in [
            *(f"cursor={cursor}" for cursor in CURSORS),
            *(f"page={page}" for page in ("0", "-1", "x", "9999", "%00", "9" * 5000, "1.5")),
            *(f"page_size={size}" for size in ("0", "-1", "x", "%00", "9" * 5000, "1.5")),
        ]:
            with subtests.test(f"{url}?{given[:40]}"):
                answer = client.get(f"{url}?{given}")
                assert answer.status_code in (200, 400, 404), answer.content
                if answer.status_code == 200:
                    assert "results" in answer.json()
                else:
                    check_refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "given",
    ["membership__user__password__startswith=a", "project__slug=elsewhere", "document__text__contains=sheriff",
     "user=1", "order=id", "ordering=user__password", "search=x", "state__in=open", "id=1"],
)  # fmt: skip
def test_a_filter_that_is_not_offered_is_refused(
    api: Any, mona: User, reading: AnnotationSet, given: str
) -> None:
    for url in LISTS:
        check_refused(api(mona).get(f"{url}?{given}"), 400, "unknown_parameter")


@pytest.mark.parametrize(
    "given",
    ["document=x", "document=-1", "document=%00", "document=1.5", "document=" + "9" * 5000, "membership=%00",
     "kind=%00", "state=%00", "state=finished", "kind=robot"],
)  # fmt: skip
def test_a_filter_by_what_cannot_be_is_refused(
    api: Any, mona: User, reading: AnnotationSet, given: str
) -> None:
    check_refused(api(mona).get(f"{P}/sets/?{given}"), 400)


def test_an_answer_that_cannot_be_given_is_406(api: Any, mona: User, project: Project) -> None:
    check_refused(api(mona).get(f"{P}/", headers={"Accept": "text/xml"}), 406)
