"""A reading laid out for a reviewer: the text with its marks, and what the marks say."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from annotator.annotations.models import AnnotationSet
from annotator.annotations.records import marks_of
from annotator.desk.legend import Sign, signs
from annotator.desk.marked import Piece, lanes_of, pieces
from annotator.projects import scheme as schemes
from annotator.projects.models import Holder

LANES = 6


@dataclass(frozen=True)
class Line:
    """A span as a line of the table; `number` is how text and relations refer to it."""

    number: int
    record: dict[str, Any]
    stance: Sign | None
    role: Sign | None
    holder: str
    target: str
    lane: int

    @property
    def offsets(self) -> str:
        return ", ".join(f"{start} to {end}" for start, end in self.record["fragments"])

    @property
    def said(self) -> str:
        return {True: "said", False: "implied"}.get(self.record["explicit"], "")

    @property
    def words(self) -> str:
        """What the mark says when it is pointed at."""
        parts = [self.stance.name if self.stance else "", self.role.name if self.role else "", self.holder]
        return f"{self.number}: " + ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Link:
    """A relation in words: from which span, what, to which span or relation."""

    number: int
    name: str
    source: Line | None
    to_span: Line | None
    to_relation: int | None
    record: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    text: SafeString
    lines: list[Line]
    links: list[Link]
    answers: list[tuple[str, str]]
    comments: list[dict[str, Any]]
    stances: list[Sign]


def lay_out(found: AnnotationSet) -> Sheet:
    """The sheet of a reading: five queries beside the scheme's, whatever its size."""
    scheme = schemes.of(found.project)
    marks = marks_of(found, text=found.document.text, scheme=scheme)
    stances, roles = signs(scheme, "stance"), signs(scheme, "role")
    targets = {target.slug: target.name for target in scheme.targets}
    holders = holder_names(found)
    records = marks["spans"]
    lines = [
        Line(
            number=number,
            record=record,
            stance=stances.get(record["stance"]),
            role=roles.get(record["role"]),
            holder=holders.get(record["holder"], record["holder"] or ""),
            target=targets.get(record["target"], ""),
            lane=lane,
        )
        for number, (record, lane) in enumerate(
            zip(records, lanes_of([record["fragments"] for record in records]), strict=True), start=1
        )
    ]
    return Sheet(
        text=marked_text(found.document.text, lines),
        lines=lines,
        links=links_between(lines, marks["relations"], signs(scheme, "relation")),
        answers=answers_of(marks["document_labels"], scheme),
        comments=comments_on(marks["comments"], lines),
        stances=list(stances.values()),
    )


def holder_names(found: AnnotationSet) -> dict[str, str]:
    """Names by slug, with who reports them; the annotator's own additions before the registry's."""
    rows = Holder.objects.filter(project=found.project_id).select_related("parent").order_by("id")
    names: dict[str, str] = {}
    for holder in sorted(rows, key=lambda row: row.private_to_id is not None):
        if holder.private_to_id in (None, found.membership_id):
            names[holder.slug] = (
                f"{holder.name} (reported by {holder.parent.name})" if holder.parent else holder.name
            )
    return names


def marked_text(text: str, lines: list[Line]) -> SafeString:
    """The text as HTML, every span around its pieces, the numbers of those that begin before them."""
    cut = pieces(text, [line.record["fragments"] for line in lines])
    return format_html_join("", "{}", ((piece_html(piece, lines),) for piece in cut))


def piece_html(piece: Piece, lines: list[Line]) -> SafeString | str:
    html: SafeString | str = piece.text
    for index in piece.marks:
        html = mark_html(lines[index], html)
    numbers = format_html_join("", '<a class="number" href="#span-{0}" id="at-{0}" data-number="{0}" '
                               'aria-label="span {0}"></a>', ((lines[index].number,) for index in piece.starts))  # fmt: skip
    return format_html("{}{}", numbers, html)


def mark_html(line: Line, inner: SafeString | str) -> SafeString:
    hue, place = (line.stance.hue, line.stance.place) if line.stance else ("", "none")
    return format_html(
        '<mark class="hued" data-hue="{}" data-pattern="{}" data-lane="{}" title="{}">{}</mark>',
        hue, place, min(line.lane, LANES - 1), line.words, inner,
    )  # fmt: skip


def links_between(lines: list[Line], relations: list[dict[str, Any]], kinds: dict[str, Sign]) -> list[Link]:
    spans = {line.record["id"]: line for line in lines}
    numbers = {relation["id"]: number for number, relation in enumerate(relations, start=1)}
    return [
        Link(
            number=numbers[relation["id"]],
            name=kinds[relation["label"]].name,
            source=spans.get(relation["from"]["span"]),
            to_span=spans.get(relation["to"].get("span")),
            to_relation=numbers.get(relation["to"].get("relation")),
            record=relation,
        )
        for relation in relations
    ]


def answers_of(labels: dict[str, str], scheme: schemes.Scheme) -> list[tuple[str, str]]:
    """Each question on the whole document with the answer's name, or none."""
    names = {(label.group, label.slug): label.name for label in scheme.labels if label.kind == "document"}
    return [(group, names.get((group, labels.get(group, "")), "")) for group in scheme.groups()]


def comments_on(comments: list[dict[str, Any]], lines: list[Line]) -> list[dict[str, Any]]:
    numbers = {line.record["id"]: line.number for line in lines}
    return [comment | {"number": numbers.get(comment["span"])} for comment in comments]
