"""Neutral records made for tests: readers are named, spans are (start, end, label) or whole objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

PEOPLE = ("Ada", "Ben", "Chloe", "Dan")
STANCES = ("anti-sanctuary", "nuanced", "pro-sanctuary")


def span(start: int, end: int, stance: str | None = None, **more: Any) -> dict[str, Any]:
    """A span with one fragment, unless `fragments` says otherwise."""
    name = f"{start}-{end}-{stance}-{sorted(more.items())}"
    return {"id": name, "start": start, "end": end, "fragments": [[start, end]], "stance": stance, **more}


def reading(annotator: str, *spans: Any, **more: Any) -> dict[str, Any]:
    """A submitted human set."""
    made = [span(*one) if isinstance(one, tuple) else one for one in spans]
    return {"annotator": annotator, "kind": "human", "round": 1, "state": "submitted", "spans": made, **more}


def document(name: str, length: int, *sets: Mapping[str, Any]) -> dict[str, Any]:
    """A document of that many characters."""
    return {"id": name, "text": "x" * length, "sets": list(sets)}


def link(start: Mapping[str, Any], end: Mapping[str, Any], label: str = "supports") -> dict[str, Any]:
    """A relation between two spans, or to a relation."""
    to = {"relation": end["id"]} if "from" in end else {"span": end["id"]}
    return {
        "id": f"{start['id']}>{end['id']}>{label}",
        "label": label,
        "from": {"span": start["id"]},
        "to": to,
    }


@st.composite
def separate_spans(draw: st.DrawFn, *, length: int, most: int = 5) -> list[dict[str, Any]]:
    """Spans of one annotator that do not overlap; they may touch."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=2 * most)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [span(start, end, draw(st.sampled_from(STANCES))) for start, end in pairs]


@st.composite
def any_spans(draw: st.DrawFn, *, length: int, most: int = 5) -> list[dict[str, Any]]:
    """Spans that may overlap and nest, of any label."""
    found = {}
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(0, length - 1))
        one = span(start, draw(st.integers(start + 1, length)), draw(st.sampled_from(STANCES)))
        found[one["id"]] = one
    return list(found.values())


@st.composite
def corpora(
    draw: st.DrawFn, *, overlapping: bool = False, documents: int = 4, least: int = 1
) -> list[dict[str, Any]]:
    """Documents, each read by two or more of PEOPLE."""
    made = []
    for number in range(draw(st.integers(least, documents))):
        length = draw(st.integers(5, 40))
        spans = any_spans(length=length) if overlapping else separate_spans(length=length)
        who: Sequence[str] = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
        made.append(document(f"d{number}", length, *(reading(a, *draw(spans)) for a in who)))
    return made
