"""What no span may be: each gets its 400 in the one shape, names its place, and leaves no trace."""

import json
import uuid
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.projects import studies
from annotator.projects.models import Holder, Label, Membership, Project, Target
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import TEXT, add_document, claim

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {"start": 2, "end": 19, "stance": "pro-sanctuary", "role": "claim"}
END = len(TEXT)
DEEP = [[0, 1]] * 101


def span_url(reading: AnnotationSet, uid: Any = None, project: str = "harbour") -> str:
    return f"/api/v1/projects/{project}/sets/{reading.pk}/spans/{uid or uuid.uuid4()}/"


def put(client: Any, url: str, body: Any) -> Any:
    """Sends the JSON as it is; the test client would send nothing for null."""
    return client.put(url, json.dumps(body), content_type="application/json")


def offsets(start: Any, end: Any) -> dict[str, Any]:
    return {**GOOD, "start": start, "end": end}


def fragments(*pairs: Any) -> dict[str, Any]:
    return {"fragments": list(pairs), "role": "claim"}


BAD_BODIES: list[tuple[str, Any, str]] = [
    ("negative start", offsets(-1, 5), "offset_negative"),
    ("both negative", offsets(-5, -1), "offset_negative"),
    ("reversed", offsets(19, 2), "fragment_empty"),
    ("empty", offsets(2, 2), "fragment_empty"),
    ("one past the end", offsets(2, END + 1), "offset_past_end"),
    ("wholly past the end", offsets(END, END + 1), "offset_past_end"),
    ("in UTF-16 units", offsets(END - 1, END + 1), "offset_past_end"),
    ("beyond any text", offsets(0, 20_000_001), "offset_past_end"),
    ("2 to the 31st", offsets(0, 2**31), "too_large"),
    ("beyond 64 bits", offsets(0, 2**64), "too_large"),
    ("far beyond 64 bits", offsets(0, 10**100), "too_large"),
    ("below 64 bits", offsets(-(2**70), 5), "too_large"),
    ("strings", offsets("2", "19"), "invalid"),
    ("floats", offsets(2.0, 19.0), "invalid"),
    ("a float that is none", offsets(2.5, 19), "invalid"),
    ("a boolean", offsets(True, 19), "invalid"),
    ("false", offsets(False, 19), "invalid"),
    ("null", offsets(None, 19), "null"),
    ("a list", offsets([2], 19), "invalid"),
    ("no end", {"start": 2, "role": "claim"}, "no_offsets"),
    ("no start", {"end": 2, "role": "claim"}, "no_offsets"),
    ("no offsets", {"role": "claim"}, "no_offsets"),
    ("no fragments", fragments(), "no_offsets"),
    ("fragments null", {"fragments": None, "role": "claim"}, "null"),
    ("fragments a number", {"fragments": 3, "role": "claim"}, "not_a_list"),
    ("fragments flat", {"fragments": [2, 19], "role": "claim"}, "not_a_list"),
    ("a fragment of one", fragments([2]), "min_length"),
    ("a fragment of three", fragments([2, 3, 4]), "max_length"),
    ("a fragment of strings", fragments(["2", "3"]), "invalid"),
    ("a fragment of an object", fragments({"start": 2, "end": 3}), "not_a_list"),
    ("overlapping fragments", fragments([2, 8], [5, 12]), "fragments_touch"),
    ("touching fragments", fragments([2, 8], [8, 12]), "fragments_touch"),
    ("unsorted fragments", fragments([10, 12], [2, 8]), "fragments_touch"),
    ("the same fragment twice", fragments([2, 8], [2, 8]), "fragments_touch"),
    ("a second fragment past the end", fragments([2, 8], [20, END + 1]), "offset_past_end"),
    ("a reversed second fragment", fragments([2, 8], [12, 10]), "fragment_empty"),
    ("more than 100 fragments", {"fragments": DEEP, "role": "claim"}, "max_length"),
    ("a start that is not the hull's", {**fragments([2, 8], [10, 12]), "start": 3}, "hull_mismatch"),
    ("an end that is not the hull's", {**fragments([2, 8], [10, 12]), "end": 8}, "hull_mismatch"),
    ("an unknown stance", {**GOOD, "stance": "for"}, "unknown_label"),
    ("an unknown role", {**GOOD, "role": "warrant"}, "unknown_label"),
    ("a role's slug as stance", {**GOOD, "stance": "claim"}, "unknown_label"),
    ("a relation's slug as role", {**GOOD, "role": "supports"}, "unknown_label"),
    ("a document label as stance", {**GOOD, "stance": "news"}, "unknown_label"),
    ("a stance in upper case", {**GOOD, "stance": "Pro-sanctuary"}, "unknown_label"),
    ("a stance with a space", {**GOOD, "stance": "pro-sanctuary "}, "unknown_label"),
    ("an empty stance", {**GOOD, "stance": ""}, "blank"),
    ("a stance that is a number", {**GOOD, "stance": 1}, "invalid"),
    ("a stance that is a list", {**GOOD, "stance": ["pro-sanctuary"]}, "invalid"),
    ("an unknown target", {**GOOD, "target": "zoning"}, "unknown_target"),
    ("an unknown holder", {**GOOD, "holder": "mayor"}, "unknown_holder"),
    ("a quote that does not match", {**GOOD, "quote": "Cities are safe."}, "quote_mismatch"),
    ("a quote with another space", {**GOOD, "quote": "Cities are safer. "}, "quote_mismatch"),
    ("an empty quote", {**GOOD, "quote": ""}, "quote_mismatch"),
    ("a quote in another normal form", {**GOOD, "quote": "Ｃities are safer."}, "quote_mismatch"),
    ("confidence above 1", {**GOOD, "confidence": 1.0000001}, "invalid"),
    ("confidence below 0", {**GOOD, "confidence": -0.1}, "invalid"),
    ("confidence a string", {**GOOD, "confidence": "0.5"}, "invalid"),
    ("confidence a boolean", {**GOOD, "confidence": True}, "invalid"),
    ("explicit a string", {**GOOD, "explicit": "true"}, "invalid"),
    ("explicit a number", {**GOOD, "explicit": 1}, "invalid"),
    ("note a number", {**GOOD, "note": 5}, "invalid"),
    ("note null", {**GOOD, "note": None}, "null"),
    ("note too long", {**GOOD, "note": "x" * 10_001}, "max_length"),
    ("an unknown key", {**GOOD, "color": "red"}, "unknown_key"),
    ("a key of Django's", {**GOOD, "set_id": 1}, "unknown_key"),
    ("another id", {**GOOD, "id": str(uuid.uuid4())}, "id_mismatch"),
    ("an id that is none", {**GOOD, "id": "mine"}, "invalid"),
    ("a version of text", {**GOOD, "version": "1"}, "invalid"),
    ("a list", [GOOD], "invalid"),
    ("a string", "span", "invalid"),
    ("a number", 5, "invalid"),
    ("null", None, "null"),
    ("nothing", {}, "no_offsets"),
]


def test_a_span_that_cannot_be_is_refused(api: Any, ada: User, reading: AnnotationSet, subtests: Any) -> None:
    client, url = api(ada), span_url(reading)
    with nothing_stored():
        for name, body, code in BAD_BODIES:
            with subtests.test(name):
                check_refused(put(client, url, body), 400, code)


def test_a_stored_span_does_not_become_one_that_cannot_be(
    api: Any, ada: User, reading: AnnotationSet, subtests: Any
) -> None:
    client, url = api(ada), span_url(reading)
    assert client.put(url, {**GOOD, "note": "as it was"}).status_code == 201
    with nothing_stored():
        for name, body, code in BAD_BODIES:
            with subtests.test(name):
                check_refused(put(client, url, body), 400, code)


@pytest.fixture
def elsewhere(mona: User, ada: User, project: Project) -> Project:
    """Another study, with entries that Harbour does not have, and with Ada in it."""
    other = studies.create(actor=mona, slug="elsewhere", name="Elsewhere")
    Membership.objects.create(project=other, user=ada, alias="E1", role="annotator")
    Label.objects.create(project=other, kind="stance", slug="in-favour", name="In favour")
    Label.objects.create(project=other, kind="role", slug="warrant", name="Warrant")
    Target.objects.create(project=other, slug="zoning", name="Zoning")
    Holder.objects.create(project=other, slug="clerk", name="The clerk")
    return other


def test_an_entry_of_another_project_is_unknown_here(
    api: Any, ada: User, reading: AnnotationSet, elsewhere: Project, subtests: Any
) -> None:
    for key, slug, code in [
        ("stance", "in-favour", "unknown_label"),
        ("role", "warrant", "unknown_label"),
        ("target", "zoning", "unknown_target"),
        ("holder", "clerk", "unknown_holder"),
    ]:
        with subtests.test(key):
            with nothing_stored():
                answer = api(ada).put(span_url(reading), {**GOOD, key: slug})
            check_refused(answer, 400, code, attr=key)


def test_a_set_is_not_reached_through_another_project(
    api: Any, ada: User, reading: AnnotationSet, elsewhere: Project
) -> None:
    with nothing_stored():
        answer = api(ada).put(span_url(reading, project="elsewhere"), GOOD)
    check_refused(answer, 404, "not_found")


def test_anothers_set_is_not_there_for_an_annotator(api: Any, ben: User, reading: AnnotationSet) -> None:
    with nothing_stored():
        answer = api(ben).put(span_url(reading), GOOD)
    check_refused(answer, 404, "not_found")


def test_a_manager_who_may_look_may_not_write(api: Any, mona: User, reading: AnnotationSet) -> None:
    with nothing_stored():
        answer = api(mona).put(span_url(reading), GOOD)
    check_refused(answer, 403, "not_yours")


def test_a_set_of_an_impossible_number_is_not_there(
    api: Any, ada: User, project: Project, subtests: Any
) -> None:
    for number in (0, 2**31, 2**63, 2**64, 10**40, "9" * 5000):
        with subtests.test(str(number)[:12]):
            with nothing_stored():
                answer = api(ada).put(f"/api/v1/projects/harbour/sets/{number}/spans/{uuid.uuid4()}/", GOOD)
            check_refused(answer, 404)


def test_a_malformed_id_in_the_address_leads_nowhere(
    api: Any, ada: User, reading: AnnotationSet, subtests: Any
) -> None:
    for uid in ("mine", "1", "0" * 31, "g" * 32, "0f" * 8 + "-" * 4, f"{uuid.UUID(int=7)}0"):
        with subtests.test(uid):
            with nothing_stored():
                answer = api(ada).put(span_url(reading, uid), GOOD)
            check_refused(answer, 404)


def test_a_malformed_version_is_refused(api: Any, ada: User, reading: AnnotationSet, subtests: Any) -> None:
    url = span_url(reading)
    api(ada).put(url, GOOD)
    for tag in ('"x"', '"-1"', "1.5", "²", "9" * 5000, '"1", "2"'):
        with subtests.test(tag[:10]):
            with nothing_stored():
                answer = api(ada).put(url, {**GOOD, "note": "new"}, headers={"If-Match": tag})
            check_refused(answer, 400, "bad_if_match")


def test_a_hundred_fragments_are_taken_and_quoted(
    api: Any, ada: User, reading: AnnotationSet, mona: User
) -> None:
    text = "a😊 " * 100
    api(ada).put(f"/api/v1/projects/harbour/sets/{reading.pk}/submission/")
    add_document(reading.project, mona, "long", text)
    second = claim(reading.project, ada)
    pairs = [[at * 3, at * 3 + 2] for at in range(100)]
    answer = api(ada).put(
        span_url(second), {"fragments": pairs, "role": "claim", "quote": " ".join(["a😊"] * 100)}
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["fragments"] == pairs
