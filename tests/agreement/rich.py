"""Neutral records with everything in them: fragments, roles, holders, relations, answers, several readings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.agreement.made import PEOPLE, STANCES, document, link, reading, span

ROLES, RELATIONS = ("claim", "premise"), ("attacks", "supports")
ANSWERS = {"genre": ("column", "report"), "tone": ("angry", "calm", "sad")}
LAYERS = ("stance", "role", "document", "relation")


@st.composite
def whole_spans(draw: st.DrawFn, *, length: int) -> list[dict[str, Any]]:
    """Spans that may overlap, some without a stance or a role, some of two fragments."""
    found = {}
    for _ in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=4)))
        fragments = [cuts[:2], cuts[2:]] if len(cuts) == 4 else [[cuts[0], cuts[-1]]]
        role = draw(st.sampled_from([*ROLES, None]))
        one = span(cuts[0], cuts[-1], draw(st.sampled_from([*STANCES, None])), role=role)
        one["fragments"] = fragments
        found[one["id"]] = one
    return list(found.values())


@st.composite
def whole_readings(draw: st.DrawFn, annotator: str, *, length: int) -> dict[str, Any]:
    """A reading with spans, relations among them (also to relations) and answers."""
    spans = draw(whole_spans(length=length))
    relations: dict[str, Any] = {}
    for _ in range(draw(st.integers(0, 3)) if spans else 0):
        ends = st.sampled_from([*spans, *relations.values()])
        one = link(draw(st.sampled_from(spans)), draw(ends), draw(st.sampled_from(RELATIONS)))
        relations[one["id"]] = one
    said = {group: draw(st.sampled_from([*labels, None])) for group, labels in ANSWERS.items()}
    return reading(annotator, *spans, relations=list(relations.values()), document_labels=said)


SCHEME = {
    "labels": [
        *({"kind": "stance", "slug": slug} for slug in STANCES),
        *({"kind": "role", "slug": slug} for slug in ROLES),
        *({"kind": "relation", "slug": slug} for slug in RELATIONS),
        *(
            {"kind": "document", "group": group, "slug": slug}
            for group, labels in ANSWERS.items()
            for slug in labels
        ),
    ]
}


@st.composite
def whole_corpora(
    draw: st.DrawFn, *, documents: int = 4, least: int = 1, everybody: bool = False
) -> list[dict[str, Any]]:
    """Documents, each read by one to four of PEOPLE, some readings still open; or each by the same three."""
    made = []
    for number in range(draw(st.integers(least, documents))):
        length = draw(st.integers(5, 30))
        some = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True)
        who = PEOPLE[:3] if everybody else draw(some)
        sets = [draw(whole_readings(name, length=length)) for name in who]
        for one in sets if not everybody else ():
            one["state"] = draw(st.sampled_from(["submitted", "submitted", "submitted", "open"]))
        text = document(f"d{number}", length, *sets)
        text["text"] = "".join(draw(st.lists(st.sampled_from("ab "), min_size=length, max_size=length)))
        made.append(text)
    return made
