"""From a report's numbers to the sentences: what stands behind it, the documents, one document's differences."""

import csv
import io
import json
import re
import uuid
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, DocumentLabel, Recusal, Relation, Span
from annotator.documents.models import Document
from annotator.jobs.models import Job
from annotator.projects import members
from annotator.projects import scheme as schemes
from annotator.projects.models import Label, Project
from annotator.reports.models import AgreementReport
from tests.conftest import add_document, membership_of
from tests.jobs.hands import at_once, finish
from tests.web.conftest import HOSTILE

__all__ = ["at_once"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
ONE = "Cities are safer. The sheriff disagrees. Nobody was asked."
# Per reader: what is marked, as which stance.
MARKS: dict[str, list[tuple[str, str]]] = {
    "A1": [("Cities are safer", "pro-sanctuary"), ("The sheriff disagrees.", "anti-sanctuary")],
    "A2": [("Cities are safer.", "pro-sanctuary"), ("The sheriff disagrees.", "nuanced")],
}


@pytest.fixture
def here(project: Project) -> str:
    return f"/projects/{project.slug}/agreement/"


@pytest.fixture
def documents(project: Project, mona: User) -> list[Document]:
    """Three documents read by Ada and Ben, who differ in one boundary and one stance in each; the last they agree on."""
    made = [add_document(project, mona, f"d{n}", ONE, title=f"Report {n}") for n in (1, 2, 3)]
    for document in made:
        for alias in ("A1", "A2"):
            read(project, document, alias, MARKS["A1" if document is made[2] else alias])
    return made


def read(project: Project, document: Document, alias: str, marks: list[tuple[str, str]]) -> AnnotationSet:
    """A submitted reading with these marks."""
    one = AnnotationSet.objects.create(
        project=project,
        document=document,
        membership=project.memberships.get(alias=alias),
        state="submitted",
        submitted_at=timezone.now(),
    )
    keys = schemes.of(project).label_ids
    target = project.targets.first()
    for quote, stance in marks:
        start = document.text.index(quote)
        span = Span.objects.create(
            set=one,
            uid=uuid.uuid4(),
            fragments=[[start, start + len(quote)]],
            start=start,
            end=start + len(quote),
            stance_id=keys["stance", "", stance],
            target=target,
        )
    if len(marks) > 1:
        relation = keys["relation", "", "supports" if alias == "A1" else "attacks"]
        first = one.spans.get(start=document.text.index(marks[0][0]))
        Relation.objects.create(set=one, uid=uuid.uuid4(), label_id=relation, source=first, to_span=span)
    group, answer = next(
        (label.group, label.pk) for label in schemes.of(project).labels if label.kind == "document"
    )
    DocumentLabel.objects.create(set=one, group=group, label_id=answer)
    return one


def computed(client: Any, here: str, **asked: Any) -> AgreementReport:
    answer = client.post(here, {"layer": "stance", "sets": "submitted", **asked})
    assert answer.status_code == 302, answer.content.decode()
    finish(Job.objects.latest("created_at").pk)
    return AgreementReport.objects.latest("id")


def page(client: Any, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status, answer.content.decode()
    text: str = answer.content.decode()
    assert " style=" not in text
    assert "None" not in re.sub(r"<[^>]*>", "", text)
    return text


def test_the_way_from_the_headline_to_the_sentence_takes_three_clicks(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    first = page(client, f"{here}{report.pk}/")
    cell = next(url for url in links(first) if "type=stance" in url)
    second = page(client, cell)
    assert "2 differences in 2 documents" in second
    document = next(
        url for url in links(second) if "/documents/" in url and "type=stance" in url and url != cell
    )
    third = page(client, document)
    assert "[marked: </span>The sheriff disagrees.<span" in third
    assert 'A1: <span class="says">Anti-sanctuary' in third
    assert 'A2: <span class="says">Nuanced' in third
    assert "1 of 2 shown" in third
    reading = next(url for url in links(third) if "/sets/" in url)
    assert client.get(reading).status_code == 200


def links(text: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]*)"', text.split("<main")[1])]


def test_the_worst_documents_lead_to_their_differences(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    first = page(client, f"{here}{report.pk}/")
    assert f"{here}{report.pk}/documents/{documents[0].pk}/" in links(first)
    assert f"{here}{report.pk}/documents/{documents[2].pk}/" not in links(first), "they agree on it"
    shown = page(client, f"{here}{report.pk}/documents/{documents[0].pk}/")
    assert "2 differences between 2 readings" in shown
    assert "the same passage, with other limits" in shown
    agreed = page(client, f"{here}{report.pk}/documents/{documents[2].pk}/")
    assert "The readings do not differ in what this report is about." in agreed


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_every_layer_has_its_page(
    layer: str, visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here, layer=layer, resamples=20)
    text = page(client, f"{here}{report.pk}/")
    for heading in ("The figures", "Where they differ", "Documents", "Readers", "Left out", "Method"):
        assert f">{heading}</h2>" in text
    assert "Agreement on" in text
    page(client, f"{here}{report.pk}/documents/")
    page(client, f"{here}{report.pk}/documents/{documents[0].pk}/")


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_a_study_in_which_nobody_has_read_says_so_everywhere(
    layer: str, visitor, here: str, mona: User, project: Project
) -> None:
    client = visitor(mona)
    report = computed(client, here, layer=layer)
    text = page(client, f"{here}{report.pk}/")
    assert "No document has two readings that enter this report." in text
    for heading in ("The figures", "Where they differ", "All figures"):
        assert f">{heading}</h2>" not in text, "there is nothing to show"
    assert ">Left out</h2>" in text
    assert ">Method</h2>" not in text
    assert "/csv/" not in text
    assert "asks for one reader" not in text
    Project.objects.update(readers_per_document=1)
    assert "asks for one reader a document only" in page(client, f"{here}{report.pk}/")
    assert "The readers differ nowhere." in page(client, f"{here}{report.pk}/documents/")


def test_a_reader_against_the_majority_is_not_called_wrong(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    assert "A minority view is not incompetence." in page(client, f"{here}{report.pk}/")


def test_observers_go_the_whole_way_by_alias(
    visitor, here: str, mona: User, otto: User, documents: list[Document]
) -> None:
    report = computed(visitor(mona), here)
    client = visitor(otto)
    for where in ("", "documents/", f"documents/{documents[0].pk}/", "?details=1"):
        text = page(client, f"{here}{report.pk}/{where}")
        assert not re.search(r"\b(ada|ben)\b", text.split("<main")[1]), where
    assert "A1" in text
    assert {row.membership.alias for row in Recusal.objects.all()} == {"O1"}, "they have seen it for good"


def test_annotators_are_told_no(visitor, here: str, mona: User, ada: User, documents: list[Document]) -> None:
    report = computed(visitor(mona), here)
    client = visitor(ada)
    for where in ("", "documents/", f"documents/{documents[0].pk}/", "csv/", "json/?details=1"):
        assert client.get(f"{here}{report.pk}/{where}").status_code == 403, where


def test_who_takes_part_finds_nothing_of_what_they_may_still_read(
    visitor, here: str, mona: User, rosa: User, project: Project, documents: list[Document]
) -> None:
    """A reviewer asked while they only reviewed, and takes part now: the documents are hidden from them again."""
    client = visitor(rosa)
    report = computed(client, here)
    members.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    text = page(client, f"{here}{report.pk}/")
    assert "Report 1" not in text
    assert "3 documents are not shown here" in text
    listed = page(client, f"{here}{report.pk}/documents/")
    assert "Report 1" not in listed
    assert "2 more documents are not named here" in listed
    assert client.get(f"{here}{report.pk}/documents/{documents[0].pk}/").status_code == 404
    given = json.loads(client.get(f"{here}{report.pk}/json/?details=1").content)
    assert given["details"]["documents"] == []


def test_who_looks_is_never_given_the_document_to_read(
    visitor, here: str, mona: User, project: Project, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    page(client, f"{here}{report.pk}/")
    page(client, f"{here}{report.pk}/documents/")
    assert not Recusal.objects.exists()
    page(client, f"{here}{report.pk}/documents/{documents[1].pk}/")
    assert Recusal.objects.get().document == documents[1]


def test_who_began_a_reading_sees_no_difference_of_it(
    visitor, here: str, mona: User, project: Project, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    AnnotationSet.objects.create(
        project=project, document=documents[0], membership=membership_of(project, mona)
    )
    assert client.get(f"{here}{report.pk}/documents/{documents[0].pk}/").status_code == 404
    assert "Report 1" not in page(client, f"{here}{report.pk}/documents/")


def test_a_document_of_another_study_or_another_report_is_not_there(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    from annotator.projects import studies

    other = studies.create(actor=mona, slug="other", name="Other", template="sanctuary-stance")
    theirs = add_document(other, mona, "x", ONE)
    client = visitor(mona)
    report = computed(client, here, documents="d1\r\n\r\n d2 ")
    for key in (theirs.pk, documents[2].pk, 987654):
        assert client.get(f"{here}{report.pk}/documents/{key}/").status_code == 404
    assert client.get(f"/projects/other/agreement/{report.pk}/documents/{theirs.pk}/").status_code == 404
    assert client.get(f"{here}{report.pk}/documents/{documents[0].pk}/").status_code == 200


def test_readings_that_changed_since_are_told(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    Span.objects.filter(set__document=documents[0], set__membership__alias="A2").update(
        deleted_at=timezone.now()
    )
    text = page(client, f"{here}{report.pk}/documents/{documents[0].pk}/")
    assert "it counted 2 differences here" in text
    assert "not marked" in text


def test_hostile_names_are_only_text(
    visitor, here: str, mona: User, documents: list[Document], project: Project
) -> None:
    Label.objects.filter(project=project, slug="nuanced").update(name=HOSTILE)
    project.memberships.filter(alias="A1").update(alias=f"=1{HOSTILE}")
    Document.objects.filter(pk=documents[0].pk).update(title=HOSTILE)
    schemes.read.cache_clear()
    client = visitor(mona)
    report = computed(client, here)
    for where in ("", "documents/", f"documents/{documents[0].pk}/"):
        assert "<script>alert" not in page(client, f"{here}{report.pk}/{where}")
        assert "onmouseover=x>" not in page(client, f"{here}{report.pk}/{where}")
    rows = list(csv.DictReader(io.StringIO(client.get(f"{here}{report.pk}/csv/").content.decode())))
    assert {row["without"] or row["pair"] for row in rows if "script" in row["pair"]} == {
        f"'=1{HOSTILE} / A2"
    }


@pytest.mark.parametrize(
    "query",
    [
        "type=weather",
        "pair=A1",
        "pair=[1,2]",
        'pair=["A1"]',
        "pair=" + "[" * 5000,
        "label=nowhere",
        "page=x",
        "type=&pair=",
    ],
)
def test_a_filter_that_is_none_breaks_nothing(
    query: str, visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    for where in ("", f"{documents[0].pk}/"):
        assert client.get(f"{here}{report.pk}/documents/{where}?{query}").status_code == 200


def test_a_report_from_before_has_its_page_without_what_stands_behind(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here)
    AgreementReport.objects.update(details=None, differences=None, headline=None)
    assert "Where they differ" not in page(client, f"{here}{report.pk}/")
    assert "before they were kept" in page(client, f"{here}{report.pk}/documents/")
    assert client.get(f"{here}{report.pk}/documents/{documents[0].pk}/").status_code == 200


def test_the_figures_come_as_a_table(visitor, here: str, mona: User, documents: list[Document]) -> None:
    client = visitor(mona)
    report = computed(client, here, resamples=20)
    answer = client.get(f"{here}{report.pk}/csv/")
    assert f'filename="harbour-agreement-stance-{report.pk}.csv"' in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == len(report.result["figures"])
    [joint] = [row for row in rows if row["name"] == "u_alpha" and not row["pair"] + row["without"]]
    assert float(joint["value"]) == pytest.approx(report.result["figures"][0]["value"])
    assert joint["resamples"] == "20"
    assert all(bool(row["value"]) != bool(row["reason"]) for row in rows)


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_every_table_behind_the_figures_is_downloaded(
    layer: str, visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    report = computed(client, here, layer=layer, resamples=20)
    linked = [url for url in links(page(client, f"{here}{report.pk}/")) if "/csv/?table=" in url]
    assert len(linked) == 4
    found = {url.rpartition("=")[2]: rows_of(client, url) for url in linked}
    assert report.details is not None
    assert len(found["documents"]) == len(documents)
    counted = report.details["differences"]
    assert sum(int(row["count"]) for row in found["differences"] if row["by"] == "type") == sum(
        each["count"] for each in counted["by_type"]
    )
    assert len(found["matrices"]) == sum(len(m["labels"]) ** 2 for m in report.details["matrices"])
    assert client.get(f"{here}{report.pk}/csv/?table=weather").status_code == 404


def rows_of(client: Any, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_every_number_of_a_matrix_leads_to_as_many_places(
    layer: str, visitor, here: str, mona: User, documents: list[Document]
) -> None:
    """Beside the diagonal: the documents it leads to, and the places of these, are as many as it says."""
    genre = DocumentLabel.objects.filter(set__document=documents[0], set__membership__alias="A1").get()
    other = Label.objects.filter(project=genre.set.project, kind="document", group=genre.group)
    genre.label = other.exclude(pk=genre.label_id)[0]
    genre.save()
    Span.objects.filter(set__membership__alias="A1").update(role=label_of(documents[0], "role", 0))
    Span.objects.filter(set__membership__alias="A2").update(role=label_of(documents[0], "role", 1))
    client = visitor(mona)
    report = computed(client, here, layer=layer, resamples=0)
    text = page(client, f"{here}{report.pk}/")
    tables = re.findall(r'<table class="matrix">.*?</table>', text, re.S)
    cells = [
        (url.replace("&amp;", "&"), int(number))
        for table in tables
        for url, number in re.findall(r'<a href="([^"]*/documents/[^"]*)">(\d+)</a>', table)
    ]
    assert cells
    for url, number in cells:
        listed = page(client, url)
        assert f"{number} difference" in listed
        opened = [each for each in links(listed) if re.search(r"/documents/\d+/\?", each)]
        shown = sum(page(client, each).count('<div class="sides">') for each in opened)
        assert shown == number, url


def label_of(document: Document, kind: str, which: int) -> Label:
    return Label.objects.filter(project=document.project, kind=kind).order_by("id")[which]


def test_a_relation_shows_which_end_is_which_and_that_it_points_at_a_relation(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    one = AnnotationSet.objects.get(document=documents[0], membership__alias="A1")
    drawn = one.relations.get()
    assert drawn.to_span is not None
    Relation.objects.create(
        set=one, uid=uuid.uuid4(), label=drawn.label, source=drawn.to_span, to_relation=drawn
    )
    client = visitor(mona)
    report = computed(client, here, layer="relation", resamples=0)
    text = page(client, f"{here}{report.pk}/documents/{documents[0].pk}/")
    ends = re.findall(r'<span class="which">([^<]*)</span>(?: <q dir="auto">([^<]*)</q>)?', text)
    assert ("from", "Cities are safer") in ends
    assert ("to", "The sheriff disagrees.") in ends
    assert ("to the relation", "") in ends
    assert '<mark data-end="from"><span class="visually-hidden">[from: </span>Cities are safer<' in text
    assert "no such relation" in text
    assert "marked these 2 passages and did not join them so" in text
    assert '<span class="also">' in text
    assert 'data-end="to relation: from"' in text


def test_answers_are_counted_and_opened_by_question(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    answer = DocumentLabel.objects.filter(set__document=documents[0], set__membership__alias="A1").get()
    labels = Label.objects.filter(project=answer.set.project, kind="document", group=answer.group)
    answer.label = labels.exclude(pk=answer.label_id)[0]
    answer.save()
    client = visitor(mona)
    report = computed(client, here, layer="document", resamples=0)
    assert report.details is not None
    assert report.details["differences"]["by_label"] == [
        {"type": "document_label", "count": 1, "label": answer.group, "pair": None}
    ]
    text = page(client, f"{here}{report.pk}/")
    assert "By type and question" in text
    cell = next(url for url in links(text) if f"label={answer.group}" in url)
    assert "1 difference in 1 document" in page(client, cell)


def test_labels_of_another_layer_are_refused_at_their_field(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    asked = {"layer": "stance", "sets": "submitted", "labels": ["role/claim"], "annotators": ["A1"]}
    answer = client.post(here, asked)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "Choose only labels of what is compared: stances of spans." in text
    assert "One reader alone cannot agree or disagree" in text
    report = computed(client, here, labels=["stance/nuanced", "stance/pro-sanctuary"])
    assert report.specification["labels"] == ["pro-sanctuary", "nuanced"]
    assert "Only labels Pro-sanctuary, Nuanced." in page(client, f"{here}{report.pk}/")


def test_the_same_question_is_followed_over_time(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    client = visitor(mona)
    computed(client, here, resamples=20)
    assert "over time" not in page(client, here)
    Span.objects.filter(set__document=documents[0]).update(deleted_at=timezone.now())
    computed(client, here, resamples=30)
    computed(client, here, layer="role")
    text = page(client, here)
    assert "The same question over time" in text
    assert text.count("<circle") == 2
    assert text.count('class="picture line"') == 1


def test_narrowing_is_refused_at_its_field(visitor, here: str, mona: User, documents: list[Document]) -> None:
    answer = visitor(mona).post(here, {"layer": "stance", "sets": "submitted", "documents": "d1\nnowhere"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "There is no document &#x27;nowhere&#x27; in this project." in text
    assert "<details open>" in text


def test_a_narrowed_report_says_so(visitor, here: str, mona: User, documents: list[Document]) -> None:
    client = visitor(mona)
    report = computed(
        client, here, annotators=["A1", "A2"], submitted_from="2020-01-01", seed="7", resamples="20"
    )
    assert report.specification["annotators"] == ["A1", "A2"]
    assert (report.specification["seed"], report.specification["resamples"]) == (7, 20)
    text = page(client, f"{here}{report.pk}/")
    assert "Only readers A1, A2; submitted from 2020-01-01." in text


def test_readings_that_are_left_out_are_named_to_who_may_see_them(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    open_again = AnnotationSet.objects.get(document=documents[0], membership__alias="A1")
    AnnotationSet.objects.filter(pk=open_again.pk).update(state="returned")
    client = visitor(mona)
    report = computed(client, here, resamples=0)
    words = f'1 reading that is not finished <span class="hint">({documents[0].external_id} by A1)</span>'
    assert words in page(client, f"{here}{report.pk}/")


@pytest.mark.parametrize("many", [3, 25])
def test_the_pages_take_few_queries(
    many: int, visitor, at_most, here: str, mona: User, project: Project, documents: list[Document]
) -> None:
    for n in range(4, many + 1):
        document = add_document(project, mona, f"d{n}", ONE)
        for alias in ("A1", "A2"):
            read(project, document, alias, MARKS[alias])
    client = visitor(mona)
    report = computed(client, here, resamples=10)
    for where, most in {"": 6, "documents/": 6, f"documents/{documents[0].pk}/": 18}.items():
        client.get(f"{here}{report.pk}/{where}")
        with at_most(most):
            client.get(f"{here}{report.pk}/{where}")


@pytest.mark.django_db(transaction=True)
def test_a_document_is_read_in_one_moment_and_looking_is_noted_after_it(
    visitor, here: str, mona: User, documents: list[Document]
) -> None:
    """Without a test's own transaction, so that the one of the page is the outermost, which only reads."""
    client = visitor(mona)
    report = computed(client, here, resamples=10)
    page(client, f"{here}{report.pk}/documents/{documents[0].pk}/")
    assert Recusal.objects.get().document == documents[0]
