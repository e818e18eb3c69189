"""The spans and segmentations of published cases, whichever way they are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from annotator.agreement.case_data import Unknown
from annotator.agreement.case_kinds import ANNOTATORS, as_number, first_of, numbered_texts
from annotator.agreement.case_names import plain

Case = Mapping[str, Any]
#: start, end (not included), label
Span = tuple[Any, Any, str]


def spans_of(data: Case, params: Case) -> dict[str, list[Span]]:
    """Each annotator's spans; only of the annotators that the case chooses. Unknown for another form."""
    found = _by_label(data) or _by_annotator(data)
    if found is None:
        raise Unknown(f"data {data.get('kind')!r} as spans")
    for name in data.get("annotators") or ():
        found.setdefault(str(name), [])
    chosen = next((params[key] for key in (*ANNOTATORS, "pair") if isinstance(params.get(key), list)), None)
    if chosen is None:
        return found
    return {str(name): found[str(name)] for name in chosen}


def _by_annotator(data: Case) -> dict[str, list[Span]] | None:
    for key, as_length in _SPANS.items():
        if key in data:
            return _named(data[key], as_length)
    if isinstance(data.get("units"), list | tuple):
        found: dict[str, list[Span]] = {}
        for row in data["units"]:
            name, *span = _unit(row)
            found.setdefault(str(name), []).append(_span(span, False))
        return found
    return _named({side: data[side] for side in "ab"}, False) if "a" in data and "b" in data else None


_SPANS = {
    "spans_start_end_label": False,
    "spans_start_len_label": True,
    "spans_start_length_label": True,
    "spans_by_annotator": False,
    "spans": False,
    "annotations": False,
}


def _named(given: Any, as_length: bool) -> dict[str, list[Span]]:
    items = (
        given.items() if isinstance(given, Mapping) else ((str(i + 1), own) for i, own in enumerate(given))
    )
    return {str(name): [_span(span, as_length) for span in own] for name, own in items}


def _by_label(data: Case) -> dict[str, list[Span]] | None:
    """Spans by label, one list for each annotator."""
    for key, as_length in _LABELLED.items():
        if key in data:
            found: dict[str, list[Span]] = {}
            for label, given in data[key].items():
                named = given.items() if isinstance(given, Mapping) else enumerate(given, 1)
                for name, own in named:
                    spans = [_span([*span, label], as_length) for span in own]
                    found.setdefault(str(name), []).extend(spans)
            return found
    return None


_LABELLED = {
    "spans_start_len_by_category": True,
    "spans_start_length_by_category": True,
    "spans_start_len_by_label": True,
    "spans_start_end_by_category": False,
    "spans_start_end_by_label": False,
}


def _unit(row: Any) -> list[Any]:
    if isinstance(row, Mapping):
        return [first_of(row, ANNOTATORS), *_fields(row)]
    return list(row)


def _fields(row: Mapping[str, Any]) -> list[Any]:
    start, end = first_of(row, ("start", "begin", "from")), first_of(row, ("end", "stop", "to"))
    length = first_of(row, ("length", "len"))
    return [start, start + length if end is None else end, first_of(row, ("label", "category", "type"))]


def _span(given: Any, as_length: bool) -> Span:
    start, end, *label = _fields(given) if isinstance(given, Mapping) else given
    end = start + end if as_length else end
    if not end > start:
        raise ValueError(f"a span from {start} to {end}")
    return start, end, "" if not label or label[0] is None else str(label[0])


def extent(data: Case) -> tuple[int, int]:
    """Where the continuum begins, and how long it is. ValueError where the case does not say."""
    begin = int(first_of(data, ("begin", "continuum_begin", "offset")) or 0)
    length = first_of(data, ("length", "L", "continuum_length", "text_length"))
    if length is None and data.get("end") is not None:
        length = data["end"] - begin
    if length is None:
        raise ValueError("the length of the continuum is not given")
    return begin, int(length)


def in_order_of_size(labels: set[str]) -> list[str]:
    """Labels that are numbers by size, others in code-point order."""
    return sorted(labels, key=as_number) if numbered_texts(list(labels)) else sorted(labels)


def masses_of(data: Case, side: str) -> list[int]:
    """The segment lengths of one side of a pair: a and b, or reference and hypothesis."""
    names = {"a": ("a", "reference", "ref", "gold", "first"), "b": ("b", "hypothesis", "hyp", "second")}[side]
    given = first_of(data, names)
    if given is None:
        raise Unknown("segmentations that are neither a and b nor reference and hypothesis")
    return segment_lengths(given, data)


def segment_lengths(given: Any, data: Case) -> list[int]:
    """From lengths, from a row of 0 and 1 for every potential boundary, or from a segment for every unit."""
    form = plain(str(first_of(data, ("format", "form")) or data.get("kind") or ""))
    if isinstance(given, str):
        return _of_boundaries([mark == str(data.get("boundary", "1")) for mark in given])
    if "position" in form and "boundar" not in form:
        return [len(list(same)) for _, same in groupby(given)]
    if "string" in form or "nltk" in form or "binary" in form:
        return _of_boundaries([str(mark) == "1" for mark in given])
    if "boundar" in form:
        size = first_of(data, ("n", "length", "units"))
        if size is None:
            raise Unknown("boundaries without the length of the text")
        ends = [*sorted(int(place) for place in given), int(size)]
        return [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return [int(mass) for mass in given]


def _of_boundaries(marks: Sequence[bool]) -> list[int]:
    """Between n units stand n - 1 potential boundaries."""
    ends = [i + 1 for i, mark in enumerate(marks) if mark] + [len(marks) + 1]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
