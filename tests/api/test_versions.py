"""Repeats are harmless, stale writes are refused, what was deleted stays deleted: spans, relations, comments, labels."""

import uuid
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, Relation, Span
from annotator.history.models import Event
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import TEXT, add_document, claim

pytestmark = pytest.mark.django_db
P = "/api/v1/projects/harbour"
GOOD: dict[str, Any] = {"start": 2, "end": 19, "stance": "pro-sanctuary", "role": "claim"}
OTHER: dict[str, Any] = {"start": 20, "end": 33, "role": "premise"}
U = [uuid.UUID(int=number) for number in range(1, 12)]


class Reading:
    """Ada's reading through the API."""

    def __init__(self, client: Any, found: AnnotationSet) -> None:
        self.client, self.url, self.pk = client, f"{P}/sets/{found.pk}", found.pk

    def put(self, kind: str, uid: uuid.UUID, body: Any, query: str = "", **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.put(f"{self.url}/{kind}/{uid}/{query}", body, headers=names)

    def delete(self, kind: str, uid: uuid.UUID, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.delete(f"{self.url}/{kind}/{uid}/", headers=names)

    def span(self, uid: uuid.UUID, body: Any = GOOD, query: str = "", **headers: str) -> Any:
        return self.put("spans", uid, body, query, **headers)

    def relate(self, uid: uuid.UUID, source: uuid.UUID, query: str = "", **to: uuid.UUID) -> Any:
        end = {kind: str(value) for kind, value in to.items()}
        return self.put(
            "relations", uid, {"label": "supports", "from": {"span": str(source)}, "to": end}, query
        )

    def get(self) -> dict[str, Any]:
        return self.client.get(f"{self.url}/").json()

    @property
    def version(self) -> int:
        return AnnotationSet.objects.get(pk=self.pk).version


@pytest.fixture
def ours(api: Any, ada: User, reading: AnnotationSet) -> Reading:
    return Reading(api(ada), reading)


@pytest.fixture
def graph(ours: Reading) -> Reading:
    """Spans 0, 1, 2; relation 3 from 1 to 0, and 4 from 2 to relation 3 (an undercut), and 5 from 0 to relation 4."""
    for number in range(3):
        assert ours.span(U[number], {"start": number, "end": 30 + number, "role": "claim"}).status_code == 201
    assert ours.relate(U[3], U[1], span=U[0]).status_code == 201
    assert ours.relate(U[4], U[2], relation=U[3]).status_code == 201
    assert ours.relate(U[5], U[0], relation=U[4]).status_code == 201
    return ours


def test_a_repeated_put_changes_nothing(ours: Reading) -> None:
    first = ours.span(U[0])
    assert (first.status_code, first.headers["X-Set-Version"], first.headers["ETag"]) == (201, "1", '"1"')
    with nothing_stored():
        again = ours.span(U[0])
    assert (again.status_code, again.json()) == (200, first.json())
    assert (again.headers["X-Set-Version"], again.headers["ETag"]) == ("1", '"1"')


def test_versions_rise_with_each_change_and_only_then(ours: Reading) -> None:
    assert ours.span(U[0]).json()["version"] == 1
    changed = ours.span(U[0], {**GOOD, "note": "a"})
    assert (changed.status_code, changed.json()["version"], changed.headers["X-Set-Version"]) == (200, 2, "2")
    assert ours.span(U[0], {**GOOD, "note": "a"}).json()["version"] == 2
    other = ours.span(U[1], OTHER)
    assert (other.json()["version"], other.headers["X-Set-Version"]) == (1, "3")
    assert ours.version == ours.get()["version"] == 3
    assert Event.objects.filter(verb="span_put").count() == 3


def test_a_put_replaces_the_whole_object(ours: Reading) -> None:
    full = {**GOOD, "note": "n", "confidence": 0.5, "explicit": True}
    assert ours.span(U[0], full).json().items() >= full.items()
    bare = ours.span(U[0], {"start": 2, "end": 19}).json()
    assert [bare[key] for key in ("stance", "role", "holder", "explicit", "note", "confidence")] == [
        None, None, None, None, "", None,
    ]  # fmt: skip
    assert bare["target"] == "sanctuary-policy", "the project's only one"


def test_every_key_that_differs_makes_a_version(ours: Reading) -> None:
    ours.span(U[0])
    changes: list[dict[str, Any]] = [
        {"start": 3}, {"end": 18}, {"stance": "anti-sanctuary"}, {"stance": None}, {"role": None}, {"explicit": False},
        {"explicit": True}, {"note": " "}, {"confidence": 0}, {"confidence": 1}, {"confidence": 0.25},
    ]  # fmt: skip
    for number, change in enumerate(changes, start=2):
        assert ours.span(U[0], {**GOOD, **change}).json()["version"] == number, change


def test_what_an_answer_held_may_be_sent_back(ours: Reading) -> None:
    answered = ours.span(U[0]).json()
    with nothing_stored():
        assert ours.span(U[0], answered).json() == answered


def test_a_stale_put_is_412_with_the_object_as_it_is(ours: Reading) -> None:
    ours.span(U[0])
    current = ours.span(U[0], {**GOOD, "note": "mine"}).json()
    for tag in ('"1"', 'W/"1"', "1", '"7"'):
        with nothing_stored():
            answer = ours.span(U[0], {"start": 20, "end": 33, "note": "late"}, If_Match=tag)
        check_refused(answer, 412, "stale")
        assert answer.json()["current"] == current


def test_the_right_version_writes(ours: Reading) -> None:
    ours.span(U[0])
    assert ours.span(U[0], {**GOOD, "note": "a"}, If_Match='"1"').json()["version"] == 2
    assert ours.span(U[0], {**GOOD, "note": "b"}, If_Match='W/"2"').json()["version"] == 3
    assert ours.span(U[0], {**GOOD, "note": "c"}, If_Match="*").json()["version"] == 4


def test_a_put_equal_to_what_is_stored_is_200_whatever_if_match_says(ours: Reading) -> None:
    ours.span(U[0])
    with nothing_stored():
        for headers in ({"If_Match": '"9"'}, {"If_None_Match": "*"}):
            assert ours.span(U[0], GOOD, **headers).status_code == 200


def test_create_only_refuses_what_is_there(ours: Reading) -> None:
    assert ours.span(U[0], GOOD, If_None_Match="*").status_code == 201
    with nothing_stored():
        check_refused(ours.span(U[0], OTHER, If_None_Match="*"), 412, "stale")


def test_a_version_of_what_is_not_there_is_stale(ours: Reading) -> None:
    with nothing_stored():
        check_refused(ours.span(U[0], GOOD, If_Match='"1"'), 412, "stale")


def test_a_stale_delete_is_412(ours: Reading) -> None:
    ours.span(U[0])
    current = ours.span(U[0], {**GOOD, "note": "a"}).json()
    with nothing_stored():
        answer = ours.delete("spans", U[0], If_Match='"1"')
    check_refused(answer, 412, "stale")
    assert answer.json()["current"] == current
    assert ours.delete("spans", U[0], If_Match='"2"').status_code == 200


def test_a_deleted_span_takes_its_relations_and_theirs_along(graph: Reading) -> None:
    before = graph.version
    answer = graph.delete("spans", U[1])
    assert answer.status_code == 200
    gone = answer.json()["deleted"]
    assert gone["spans"] == [str(U[1])]
    assert sorted(gone["relations"]) == [str(U[3]), str(U[4]), str(U[5])]
    assert answer.headers["X-Set-Version"] == str(before + 1)
    found = graph.get()
    assert [span["id"] for span in found["spans"]] == [str(U[0]), str(U[2])]
    assert found["relations"] == []


def test_a_deleted_span_takes_along_what_leads_to_it(ours: Reading) -> None:
    for number in range(3):
        ours.span(U[number], {"start": number, "end": 30 + number, "role": "claim"})
    ours.relate(U[3], U[1], span=U[0])
    ours.relate(U[4], U[2], relation=U[3])
    ours.relate(U[5], U[1], span=U[2])
    gone = ours.delete("spans", U[0]).json()["deleted"]
    assert (gone["spans"], sorted(gone["relations"])) == ([str(U[0])], [str(U[3]), str(U[4])])
    assert [relation["id"] for relation in ours.get()["relations"]] == [str(U[5])], (
        "what has other ends stays"
    )


def test_a_repeated_delete_says_the_same_and_changes_nothing(graph: Reading) -> None:
    first = graph.delete("spans", U[1])
    with nothing_stored():
        again = graph.delete("spans", U[1])
    assert again.status_code == 200
    assert again.headers["X-Set-Version"] == first.headers["X-Set-Version"]
    for kind in ("spans", "relations"):
        assert sorted(again.json()["deleted"][kind]) == sorted(first.json()["deleted"][kind])


def test_a_repeated_delete_names_only_what_went_with_it(graph: Reading) -> None:
    first = graph.delete("relations", U[4])
    assert sorted(first.json()["deleted"]["relations"]) == [str(U[4]), str(U[5])]
    assert graph.delete("spans", U[1]).json()["deleted"]["relations"] == [str(U[3])]
    assert sorted(graph.delete("relations", U[4]).json()["deleted"]["relations"]) == [str(U[4]), str(U[5])]


def test_what_never_was_is_not_deleted(ours: Reading) -> None:
    with nothing_stored():
        for kind in ("spans", "relations", "comments"):
            check_refused(ours.delete(kind, U[9]), 404)


def test_a_deleted_object_is_put_again_only_with_restore(graph: Reading) -> None:
    graph.delete("spans", U[1])
    with nothing_stored():
        check_refused(graph.span(U[1]), 410, "deleted")
        check_refused(graph.span(U[1], query="?restore=0"), 410, "deleted")
        check_refused(graph.relate(U[3], U[0], span=U[2]), 410, "deleted")
    answer = graph.span(U[1], query="?restore=1")
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert graph.relate(U[3], U[1], "?restore=1", span=U[0]).status_code == 200
    assert graph.relate(U[4], U[2], "?restore=1", relation=U[3]).status_code == 200
    assert [relation["id"] for relation in graph.get()["relations"]] == [str(U[3]), str(U[4])]


def test_a_relation_is_not_restored_without_its_ends(graph: Reading) -> None:
    graph.delete("spans", U[1])
    with nothing_stored():
        check_refused(graph.relate(U[3], U[1], "?restore=1", span=U[0]), 400, "unknown_span")
        check_refused(graph.relate(U[4], U[2], "?restore=1", relation=U[3]), 400, "unknown_relation")


def test_one_id_is_one_thing(graph: Reading) -> None:
    with nothing_stored():
        check_refused(graph.relate(U[0], U[1], span=U[2]), 409, "id_taken")
        check_refused(graph.span(U[3]), 409, "id_taken")
        check_refused(graph.delete("relations", U[0]), 409, "id_taken")
        check_refused(graph.delete("spans", U[3]), 409, "id_taken")
    graph.delete("relations", U[3])
    with nothing_stored():
        check_refused(graph.span(U[3], query="?restore=1"), 409, "id_taken")


def test_another_set_may_use_the_same_ids(graph: Reading, api: Any, ben: User) -> None:
    theirs = Reading(api(ben), claim(AnnotationSet.objects.get(pk=graph.pk).project, ben))
    assert theirs.span(U[0]).status_code == 201
    assert theirs.relate(U[1], U[0], span=U[0]).status_code == 400
    assert Span.objects.filter(uid=U[0]).count() == 2


RELATION_ENDS: list[tuple[str, dict[str, Any], str]] = [
    ("to itself", {"from": {"span": str(U[0])}, "to": {"span": str(U[0])}}, "relation_circle"),
    ("to a span that is not there", {"from": {"span": str(U[0])}, "to": {"span": str(U[9])}}, "unknown_span"),
    (
        "from a span that is not there",
        {"from": {"span": str(U[9])}, "to": {"span": str(U[0])}},
        "unknown_span",
    ),
    ("from a relation's id", {"from": {"span": str(U[3])}, "to": {"span": str(U[0])}}, "unknown_span"),
    (
        "to a relation's id as a span",
        {"from": {"span": str(U[0])}, "to": {"span": str(U[3])}},
        "unknown_span",
    ),
    (
        "to a span's id as a relation",
        {"from": {"span": str(U[0])}, "to": {"relation": str(U[1])}},
        "unknown_relation",
    ),
    ("to no relation", {"from": {"span": str(U[0])}, "to": {"relation": str(U[9])}}, "unknown_relation"),
    (
        "to the relation itself",
        {"from": {"span": str(U[0])}, "to": {"relation": str(U[8])}},
        "relation_circle",
    ),
    ("to both", {"from": {"span": str(U[0])}, "to": {"span": str(U[1]), "relation": str(U[3])}}, "bad_end"),
    ("to nothing", {"from": {"span": str(U[0])}, "to": {}}, "bad_end"),
    ("from nothing", {"from": {}, "to": {"span": str(U[0])}}, "bad_end"),
    ("from a relation", {"from": {"relation": str(U[3])}, "to": {"span": str(U[0])}}, "bad_end"),
    ("to null", {"from": {"span": str(U[0])}, "to": None}, "null"),
    ("to a null span", {"from": {"span": str(U[0])}, "to": {"span": None}}, "null"),
    ("to a string", {"from": {"span": str(U[0])}, "to": str(U[1])}, "invalid"),
    ("to a malformed id", {"from": {"span": str(U[0])}, "to": {"span": "x"}}, "invalid"),
    ("to a number", {"from": {"span": str(U[0])}, "to": {"span": 1}}, "invalid"),
    ("to a document", {"from": {"span": str(U[0])}, "to": {"document": "d1"}}, "unknown_key"),
    ("with no ends", {}, "required"),
]


def test_a_relation_that_cannot_be_is_refused(graph: Reading, subtests: Any) -> None:
    for name, ends, code in RELATION_ENDS:
        with subtests.test(name):
            with nothing_stored():
                answer = graph.put("relations", U[8], {"label": "supports", **ends})
            check_refused(answer, 400, code)
    ends = {"from": {"span": str(U[0])}, "to": {"span": str(U[1])}}
    for body, code in [
        ({"label": "claim", **ends}, "unknown_label"),
        ({"label": "pro-sanctuary", **ends}, "unknown_label"),
        ({"label": None, **ends}, "null"),
        ({"label": "", **ends}, "blank"),
        (ends, "required"),
        ({"label": "supports", **ends, "confidence": 2}, "invalid"),
        ({"label": "supports", **ends, "stance": "nuanced"}, "unknown_key"),
        ({"label": "supports", **ends, "note": "x" * 10_001}, "max_length"),
    ]:
        with nothing_stored():
            check_refused(graph.put("relations", U[8], body), 400, code)


def test_a_relation_to_another_readings_span_is_refused(graph: Reading, api: Any, ben: User) -> None:
    theirs = Reading(api(ben), claim(AnnotationSet.objects.get(pk=graph.pk).project, ben))
    theirs.span(U[9])
    with nothing_stored():
        check_refused(graph.relate(U[8], U[0], span=U[9]), 400, "unknown_span")
        check_refused(graph.relate(U[8], U[9], span=U[0]), 400, "unknown_span")
        check_refused(theirs.relate(U[8], U[9], relation=U[3]), 400, "unknown_relation")


def test_a_chain_of_relations_never_closes(graph: Reading) -> None:
    """3 -> span; 4 -> 3; 5 -> 4. Turning 3 toward 4 or 5 would close it."""
    with nothing_stored():
        for end in (U[4], U[5], U[3]):
            check_refused(graph.relate(U[3], U[1], relation=end), 400, "relation_circle")
    assert graph.relate(U[5], U[0], relation=U[3]).status_code == 200, "sideways is no circle"


def test_a_relation_has_its_own_versions(graph: Reading) -> None:
    url = {"label": "attacks", "from": {"span": str(U[1])}, "to": {"span": str(U[0])}}
    changed = graph.put("relations", U[3], url)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    with nothing_stored():
        assert graph.put("relations", U[3], url, If_Match='"1"').status_code == 200
        stale = graph.put("relations", U[3], {**url, "note": "late"}, If_Match='"1"')
    check_refused(stale, 412, "stale")
    assert stale.json()["current"] == changed.json()
    with nothing_stored():
        check_refused(graph.delete("relations", U[3], If_Match='"1"'), 412, "stale")
    assert Relation.objects.get(uid=U[3]).version == 2


def test_comments_have_versions_tombstones_and_one_author(
    ours: Reading, api: Any, mona: User, rosa: User
) -> None:
    ours.span(U[0])
    body = {"text": "Is this a claim?", "span": str(U[0])}
    first = ours.put("comments", U[1], body)
    assert (first.status_code, first.json()["author"], first.json()["version"]) == (201, "A1", 1)
    with nothing_stored():
        assert ours.put("comments", U[1], body).json() == first.json()
    assert ours.put("comments", U[1], {**body, "text": "It is."}).json()["version"] == 2
    with nothing_stored():
        check_refused(ours.put("comments", U[1], {**body, "text": "Late."}, If_Match='"1"'), 412, "stale")
        check_refused(ours.put("comments", U[2], {**body, "span": str(U[9])}), 400, "unknown_span")
        check_refused(
            ours.put("comments", U[2], {"text": "?", "reply_to": str(U[9])}), 400, "unknown_comment"
        )
        check_refused(
            ours.put("comments", U[2], {"text": "?", "reply_to": str(U[2])}), 400, "unknown_comment"
        )
        check_refused(ours.put("comments", U[2], {"text": ""}), 400, "blank")
        check_refused(
            Reading(api(rosa), AnnotationSet.objects.get(pk=ours.pk)).put("comments", U[2], body), 404
        )
        manager = Reading(api(mona), AnnotationSet.objects.get(pk=ours.pk))
        check_refused(manager.put("comments", U[1], {"text": "Mine."}), 403, "not_yours")
        check_refused(manager.delete("comments", U[1]), 403, "not_yours")
    reply = manager.put("comments", U[3], {"text": "Yes.", "reply_to": str(U[1])})
    assert (reply.status_code, reply.json()["author"]) == (201, "M1")
    assert ours.delete("comments", U[1]).status_code == 200
    with nothing_stored():
        assert ours.delete("comments", U[1]).status_code == 200
        check_refused(ours.put("comments", U[1], body), 410, "deleted")
    assert ours.put("comments", U[1], body, "?restore=1").json()["version"] == 3
    assert Comment.objects.filter(deleted_at=None).count() == 2


def test_document_labels_are_replaced_as_a_whole(ours: Reading) -> None:
    url = f"{ours.url}/document-labels/"
    first = ours.client.put(url, {"genre": "opinion", "overall-stance": "nuanced"})
    assert (first.status_code, first.headers["X-Set-Version"]) == (200, "1")
    with nothing_stored():
        again = ours.client.put(url, {"overall-stance": "nuanced", "genre": "opinion"})
    assert again.headers["X-Set-Version"] == "1"
    assert ours.client.put(url, {"genre": "news", "overall-stance": None}).json() == {"genre": "news"}
    assert ours.get()["document_labels"] == {"genre": "news"}
    with nothing_stored():
        for body, code in [
            ({"topic": "news"}, "unknown_group"),
            ({"genre": "novel"}, "unknown_label"),
            ({"genre": "nuanced"}, "unknown_label"),
            ({"genre": ""}, "blank"),
            ({"genre": 1}, "invalid"),
            ({"genre": ["news"]}, "invalid"),
            ({"genre": "news", "overall-stance": "claim"}, "unknown_label"),
        ]:
            check_refused(ours.client.put(url, body), 400, code)
    assert ours.client.put(url, {}).json() == {}
    assert ours.version == 3


def test_offsets_count_code_points(ours: Reading, subtests: Any) -> None:
    for number, (start, end, quote) in enumerate(
        [(0, 1, "😊"), (33, 36, "\r\nT"), (34, 35, "\n"), (0, len(TEXT), TEXT)]
    ):
        with subtests.test(quote):
            answer = ours.span(U[number], {"start": start, "end": end, "role": "claim", "quote": quote})
            assert (answer.status_code, answer.json()["quote"]) == (201, quote)
    assert [span["quote"] for span in ours.get()["spans"]] == ["😊", TEXT, "\r\nT", "\n"]


def test_offsets_count_code_points_of_any_script(ours: Reading, api: Any, mona: User, ada: User) -> None:
    text = "👩\u200d👧 Cafe\u0301  «مدينة آمنة» <b>x</b>\r\n\r\n𝔘ber"
    ours.client.put(f"{ours.url}/submission/")
    project = AnnotationSet.objects.get(pk=ours.pk).project
    document = add_document(project, mona, "scripts", text)
    second = Reading(ours.client, claim(project, ada))
    assert second.get()["document"]["text"] == text
    for number, piece in enumerate(["\u200d", "e\u0301  «", "مدينة", "<b>", "\n\r", "𝔘"]):
        start = text.index(piece)
        answer = second.span(U[number], {"start": start, "end": start + len(piece), "role": "claim"})
        assert answer.json()["quote"] == piece
    assert document.length == len(text)
