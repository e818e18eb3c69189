"""/projects/{p}/documents/?q=...: found in texts and in the readings one may see, and nothing told of others."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations import comments, rules, search, sightings, spans
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.annotations.sets import Address
from annotator.assignments import queue, standing, submission
from annotator.documents.models import Document
from annotator.history.models import Event
from annotator.jobs.models import Job
from annotator.projects import holders, members
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.conftest import add_document, claim, membership_of
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db
TAG = re.compile(r"<[^>]+>")
Page = Callable[..., str]


@pytest.fixture
def found(visitor, project: Project) -> Page:
    """The list as somebody finds it, from its first row on, or what it says where there is none."""

    def ask(user: User, **query: str) -> str:
        answer = visitor(user).get(f"/projects/{project.slug}/documents/", query)
        assert answer.status_code == 200
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        return main.split("</form>")[1]

    return ask


def ids(page: str) -> list[str]:
    return re.findall(r'<td class="id minor">([^<]*)</td>', page)


def said(page: str) -> str:
    """The words of the page, what was asked for between braces."""
    return " ".join(TAG.sub("", page.replace("<mark>", "{").replace("</mark>", "}")).split())


def mark(found: AnnotationSet, user: User, quote: str, **fields: Any) -> None:
    start = found.document.text.index(quote)
    draft = rules.SpanDraft(((start, start + len(quote)),), **fields)
    spans.put(Address(found.project.slug, found.pk), uuid4(), draft, actor=user, now=timezone.now())


def remark(found: AnnotationSet, user: User, text: str) -> None:
    draft = rules.CommentDraft(text)
    comments.put(Address(found.project.slug, found.pk), uuid4(), draft, actor=user, now=timezone.now())


def submit(found: AnnotationSet, user: User) -> None:
    submission.submit(Address(found.project.slug, found.pk), actor=user, now=timezone.now())


@pytest.fixture
def study(project: Project, mona: User, ada: User, ben: User) -> dict[str, AnnotationSet]:
    """Two documents; Ada and Ben have read the first, each in their own way, and not submitted it."""
    add_document(
        project,
        mona,
        "d1",
        "The mayor of Málaga spoke. The city pays nothing.",
        title="Hearing",
        language="es",
    )
    add_document(project, mona, "d2", "A chief of police answered.", title="Answer", language="en")
    member = membership_of(project, ben)
    holders.add(
        project, slug="magistrate", name="The old magistrate", parent=None, membership=member, actor=ben
    )
    adas, bens = claim(project, ada), claim(project, ben)
    mark(adas, ada, "mayor of Málaga", stance="pro-sanctuary", note="compare page seven")
    mark(bens, ben, "pays nothing", stance="nuanced", holder="magistrate", note="irony perhaps")
    remark(bens, ben, "Ask about the ledger.")
    return {"ada": adas, "ben": bens}


def test_case_and_accents_make_no_difference_and_the_place_is_shown(found: Page, study, mona: User) -> None:
    for words in ("malaga", "MÁLAGA", "of málaga"):
        page = found(mona, q=words)
        assert ids(page) == ["d1"]
        assert "{Málaga}" in said(page) or "{of} {Málaga}" in said(page)
    assert "text The mayor of {Málaga} spoke." in said(found(mona, q="malaga"))


def test_all_words_must_be_found_and_a_phrase_as_it_stands(found: Page, study, mona: User) -> None:
    assert ids(found(mona, q="city mayor")) == ["d1"]
    assert ids(found(mona, q="mayor police")) == []
    assert ids(found(mona, q='"city mayor"')) == []
    assert ids(found(mona, q='"the city"')) == ["d1"]
    assert ids(found(mona, q="hearing pays")) == ["d1"]  # one in the title, one in the text


# what is searched, what it is found in, whose it is
ANNOTATED = [
    ("seven", "note", "ada"),
    ("irony", "note", "ben"),
    ("ledger", "comment", "ben"),
    ("magistrate", "holder", "ben"),
    ("pro-sanc", "label", "ada"),
    ("nuanced", "label", "ben"),
]


@pytest.mark.parametrize(("words", "where", "whose"), ANNOTATED)
def test_annotations_are_found_by_who_may_see_them_and_by_nobody_else(
    words: str,
    where: str,
    whose: str,
    found: Page,
    study,
    mona: User,
    ada: User,
    ben: User,
    otto: User,
    rosa: User,
) -> None:
    people = {"ada": ada, "ben": ben}
    page = found(mona, q=words)
    assert ids(page) == ["d1"]
    assert f"{where}, A{1 if whose == 'ada' else 2}" in said(page)
    for name, user in people.items():
        assert ids(found(user, q=words)) == (["d1"] if name == whose else [])
        assert ids(found(user, q=words, **{"in": "annotations"})) == (["d1"] if name == whose else [])
    assert ids(found(rosa, q=words)) == ids(found(otto, q=words)) == []  # not submitted


def test_a_quotation_is_found_among_annotations_only_where_one_sees_the_span(
    found: Page, study, mona: User, ada: User, ben: User
) -> None:
    for user, expected in ((mona, ["d1"]), (ben, ["d1"]), (ada, [])):
        assert ids(found(user, q="pays nothing", **{"in": "annotations"})) == expected
        assert ids(found(user, q="pays nothing")) == ["d1"]
    assert "quotation {pays} {nothing}" in said(found(ben, q="pays nothing", **{"in": "annotations"}))
    assert "quotation" not in said(found(ada, q="pays"))


def test_a_quotation_of_several_pieces_is_found_across_them_and_not_between(
    found: Page, study, ada: User
) -> None:
    text = study["ada"].document.text
    pieces = tuple((text.index(each), text.index(each) + len(each)) for each in ("The mayor", "spoke"))
    where = Address("harbour", study["ada"].pk)
    spans.put(where, uuid4(), rules.SpanDraft(pieces, role="claim"), actor=ada, now=timezone.now())
    assert ids(found(ada, q='"mayor spoke"', **{"in": "annotations"})) == ["d1"]
    assert "quotation The {mayor spoke}" in said(found(ada, q='"mayor spoke"'))
    spans_only = {"in": "annotations"}
    assert ids(found(ada, q='"spoke"', **spans_only)) == ["d1"]
    assert ids(found(ada, q="nothing", **spans_only)) == []


def test_text_only_leaves_annotations_out(found: Page, study, mona: User) -> None:
    assert ids(found(mona, q="ledger", **{"in": "text"})) == []
    assert ids(found(mona, q="ledger")) == ["d1"]


def test_what_was_deleted_is_not_found(found: Page, study, ada: User) -> None:
    span = study["ada"].spans.get()
    spans.delete(Address("harbour", study["ada"].pk), span.uid, actor=ada, now=timezone.now())
    assert ids(found(ada, q="seven")) == ids(found(ada, q="mayor", **{"in": "annotations"})) == []


def test_for_a_reader_no_page_changes_with_what_others_do(
    visitor, project: Project, mona: User, ada: User, ben: User
) -> None:
    """Every search and every menu, byte for byte, before and after somebody else has read, marked and said something."""
    add_document(project, mona, "d1", "The mayor spoke. The city pays nothing.", language="en")
    members.change(membership_of(project, mona), {"takes_part": True}, actor=mona)
    asked = [{"q": words, "in": place} for words, _, _ in ANNOTATED for place in ("", "annotations")]
    asked += [
        {"q": "pays", "in": "annotations"},
        {"by": "A2"},
        {"label": "stance:nuanced"},
        {"differ": "yes"},
    ]
    asked += [{"state": each} for each in standing.STANDINGS]

    def pages(user: User) -> list[str]:
        client = visitor(user)
        answers = [client.get(f"/projects/{project.slug}/documents/", query) for query in asked]
        return [answer.content.decode().split("<main")[1] for answer in answers]

    before = [pages(user) for user in (ada, mona)]
    theirs = claim(project, ben)
    member = membership_of(project, ben)
    holders.add(
        project, slug="magistrate", name="The old magistrate", parent=None, membership=member, actor=ben
    )
    mark(theirs, ben, "pays nothing", stance="nuanced", holder="magistrate", note="irony seven")
    remark(theirs, ben, "⚑ ledger")
    assert [pages(user) for user in (ada, mona)] == before
    submit(theirs, ben)
    assert [pages(user) for user in (ada, mona)] == before


def test_finding_gives_no_reading_up_and_writes_nothing(
    found: Page, study, ben: User, rosa: User, mona: User
) -> None:
    submit(study["ben"], ben)
    events = Event.objects.count()
    assert ids(found(rosa, q="irony")) == ids(found(mona, q="irony")) == ["d1"]
    assert not Recusal.objects.exists()
    assert Event.objects.count() == events


def test_a_reviewer_finds_what_is_submitted_and_no_more(
    found: Page, study, ben: User, rosa: User, otto: User
) -> None:
    submit(study["ben"], ben)
    for user in (rosa, otto):
        assert ids(found(user, q="ledger")) == ["d1"]
        assert ids(found(user, q="seven")) == []


def test_menus_narrow_together(
    found: Page, study, project: Project, mona: User, ada: User, ben: User
) -> None:
    assert ids(found(mona, language="en")) == ["d2"]
    assert ids(found(mona, label="stance:nuanced")) == ["d1"]
    assert ids(found(mona, label="stance:nuanced", by="A1")) == []
    assert ids(found(mona, by="A1")) == ["d1"]
    assert ids(found(mona, q="spoke", language="en")) == []
    assert ids(found(mona, label="no such label", state="no such state", by="nobody")) == ["d1", "d2"]


def test_a_reader_who_is_none_does_not_narrow_what_is_searched(found: Page, study, mona: User) -> None:
    for by in ("", "A1", "nobody"):
        assert ids(found(mona, q="seven", by=by)) == ["d1"], by
    assert ids(found(mona, q="seven", by="A2")) == []


def test_words_that_are_too_many_are_named(found: Page, study, mona: User) -> None:
    words = "the mayor of malaga spoke city pays nothing"
    assert "Left out" not in said(found(mona, q=words))
    page = found(mona, q=f"{words} zanzibar “two words”")
    assert ids(page) == ["d1"]
    assert "Only the first 8 words and phrases are looked for. Left out: zanzibar, two words." in said(page)
    assert "Left out: zanzibar." in said(found(mona, q=f"nowhere {words.removeprefix('the ')} zanzibar"))


def test_documents_are_found_by_how_they_stand(
    found: Page, study, project: Project, mona: User, ada: User, ben: User
) -> None:
    assert ids(found(mona, state="begun")) == ["d1"]
    assert ids(found(mona, state="unread")) == ids(found(ada, state="unread")) == ["d2"]
    submit(study["ben"], ben)
    assert ids(found(mona, state="1-submitted")) == ids(found(mona, state="review")) == ["d1"]
    assert ids(found(mona, state="unsubmitted")) == ["d2"]
    assert ids(found(mona, state="complete")) == []
    assert ids(found(ben, state="complete")) == ["d1"]
    AnnotationSet.objects.filter(pk=study["ada"].pk).update(lease_until=timezone.now())
    assert ids(found(mona, state="lapsed")) == ["d1"]
    AnnotationSet.objects.filter(pk=study["ada"].pk).update(lease_until=None)
    remark(study["ada"], ada, "⚑")
    assert ids(found(mona, state="flagged")) == ids(found(ada, state="flagged")) == ["d1"]
    assert ids(found(ben, state="flagged")) == []
    given = study["ada"].assignments.get()
    queue.skip(membership_of(project, ada), given.pk, reason="x", actor=ada, now=timezone.now())
    assert ids(found(mona, state="skipped")) == ids(found(ada, state="skipped")) == ["d1"]


def test_where_readers_differ_is_told_of_documents_one_is_not_blind_to(
    found: Page, study, project: Project, mona: User, ada: User, rosa: User
) -> None:
    job = Job.objects.create(project=project, kind="agreement", created_by=mona)
    rows = [
        {"id": "d1", "readings": 2, "figures": {}, "differences": {"stance": 2}},
        {"id": "d2", "readings": 2, "figures": {}, "differences": {"stance": 0}},
    ]
    AgreementReport.objects.create(
        project=project, job=job, specification={}, result={}, details={"documents": rows}, created_by=mona
    )
    assert ids(found(mona, differ="yes")) == ids(found(rosa, differ="yes")) == ["d1"]
    assert ids(found(ada, differ="yes")) == ["d1", "d2"]  # an annotator has no such menu
    members.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    assert ids(found(rosa, differ="yes")) == []


def test_an_empty_answer_says_what_to_do(found: Page, study, mona: User) -> None:
    assert "No document has zanzibar" in found(mona, q="zanzibar")
    assert "beginning of the word" in found(mona, q="zanzibar")
    assert "Leave a word out" in found(mona, q="zanzibar mayor")
    assert "Choose less" in found(mona, q="zanzibar", language="en")
    assert "show all documents" in found(mona, q="zanzibar")


def test_the_address_carries_the_search_through_the_pages(visitor, project: Project, mona: User) -> None:
    for number in range(51):
        add_document(project, mona, f"d{number}", "Same words.", language="en")
    where = f"/projects/{project.slug}/documents/"
    page = visitor(mona).get(where, {"q": "words", "language": "en", "in": "text"}).content.decode()
    assert "?q=words&amp;in=text&amp;language=en&amp;page=2" in page


@pytest.mark.parametrize(
    "query",
    [
        {"q": "mayor"},
        {"q": "mayor", "in": "annotations", "differ": "yes", "state": "review"},
        {"q": "mayor", "in": "annotations", "by": "A1"},
    ],
)
def test_a_search_takes_at_most_eight_queries(
    query, visitor, at_most, study, project: Project, mona: User
) -> None:
    for number in range(30):
        add_document(project, mona, f"more{number}", f"The mayor {number}.")
    client = visitor(mona)
    where = f"/projects/{project.slug}/documents/"
    client.get(where)
    with at_most(8):
        assert client.get(where, query).status_code == 200


def test_what_was_typed_and_what_was_marked_is_only_text(
    found: Page, visitor, project: Project, mona: User, ada: User
) -> None:
    document = add_document(project, mona, "h", f"{HOSTILE} mayor", title=HOSTILE)
    mark(claim(project, ada), ada, "mayor", role="claim", note=HOSTILE)
    for words in (HOSTILE, "alert", "mayor"):
        page = visitor(mona).get(f"/projects/{project.slug}/documents/", {"q": words}).content.decode()
        assert "<script>alert" not in page
        assert "<b onmouseover" not in page
    assert Document.objects.get().pk == document.pk


def test_a_title_that_is_put_right_is_found(
    found: Page, project: Project, document: Document, mona: User
) -> None:
    document.title = "Ein Brief"
    document.save(update_fields=["title"])
    assert ids(found(mona, q="brief")) == ["d1"]


def test_a_long_text_shows_the_place_without_being_read_whole(
    found: Page, project: Project, mona: User
) -> None:
    add_document(project, mona, "long", "Word. " * 40_000 + "The zanzibar stands here." + " Word." * 1000)
    assert "{zanzibar} stands here" in said(found(mona, q="zanzibar"))


def test_a_phrase_is_found_over_the_end_of_a_line_in_short_texts_and_long_ones(
    found: Page, project: Project, mona: User, ada: User
) -> None:
    add_document(project, mona, "d", "They call them sanctuary\r\ncities here.")
    add_document(project, mona, "long", "Word. " * 40_000 + "They call them sanctuary\r\ncities here.")
    adas = claim(project, ada)
    start = adas.document.text.index("sanctuary")
    draft = rules.SpanDraft(((start, start + 17),), role="claim")
    spans.put(Address(project.slug, adas.pk), uuid4(), draft, actor=ada, now=timezone.now())
    page = found(mona, q='"sanctuary cities"')
    assert ids(page) == ["d", "long"]
    assert said(page).count("text They call them {sanctuary cities} here.") == 1
    assert "call them {sanctuary cities} here." in said(page.split('<td class="id minor">d</td>')[1])
    assert ids(found(mona, q='"sanctuary cities"', **{"in": "annotations"})) == [adas.document.external_id]


def test_names_are_compared_once_for_each_word_and_not_for_each_mark(
    found: Page, study, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def named(word: Any, *known: Any) -> Any:
        asked.append(word)
        return search.named(word, *known)

    monkeypatch.setattr(sightings, "named", named)
    assert "label, A2 {Nuanced}" in said(found(mona, q="nuanced the"))
    assert asked == [("nuanced",), ("the",)]


def test_the_place_is_shown_where_the_most_words_meet(found: Page, project: Project, mona: User) -> None:
    text = "The mayor came. " + "Nothing was said. " * 30 + "Then the mayor and the sheriff spoke."
    add_document(project, mona, "d", text)
    assert "Then the {mayor} and the {sheriff} spoke." in said(found(mona, q="mayor sheriff"))


def test_a_reader_and_how_a_document_stands_narrow_each_for_itself(
    found: Page, study, mona: User, ada: User, ben: User
) -> None:
    for name, user in (("ada", ada), ("ben", ben)):
        submit(study[name], user)
    assert ids(found(mona, state="complete", by="A1")) == ["d1"]
    assert ids(found(mona, state="review", by="A1", q="seven")) == ["d1"]
    assert ids(found(mona, state="begun", by="A1")) == []
    assert "Of the documents you chose (State: Being read; Read by: A1) none is here." in found(
        mona, state="begun", by="A1"
    )


def test_a_menu_is_offered_to_who_may_know_what_is_in_it(
    visitor, project: Project, mona: User, ada: User, rosa: User, otto: User
) -> None:
    for user, names in (
        (mona, {"by", "differ"}),
        (rosa, {"by", "differ"}),
        (otto, {"by", "differ"}),
        (ada, set()),
    ):
        page = visitor(user).get(f"/projects/{project.slug}/documents/").content.decode()
        assert {name for name in ("by", "differ") if f'name="{name}"' in page} == names
        assert ("A2" in page.split("<main")[1]) == bool(names)
