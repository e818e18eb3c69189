"""The spans of a reading that a layer is about, in words the coefficients know: fragments and a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.agreement.readings import Dropped, Reading, Unreadable
from annotator.agreement.specification import Specification

Fragments = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Mark:
    """One span with its label in the layer; `fragments` are sorted, half-open code points."""

    id: str
    fragments: Fragments
    label: str
    target: str | None

    @property
    def hull(self) -> tuple[int, int]:
        """From the first code point to the last."""
        return self.fragments[0][0], self.fragments[-1][1]


def marks(
    reading: Reading, specification: Specification, *, length: int
) -> tuple[tuple[Mark, ...], tuple[Dropped, ...]]:
    """The spans that have a label in the layer and belong to the target, in the order of the text; the rest
    with its reason.
    """
    chosen: list[Mark] = []
    dropped: list[Dropped] = []
    for span in reading.content.get("spans") or ():
        mark = _mark(span, specification.layer, length=length, where=reading.set_id)
        reason = refusal(span, specification)
        if reason is None:
            chosen.append(mark)
        else:
            dropped.append(Dropped(reason, f"{reading.set_id}/{mark.id}"))
    return tuple(sorted(chosen, key=lambda mark: (mark.fragments, mark.label, mark.id))), tuple(dropped)


def refusal(span: Mapping[str, Any], specification: Specification) -> str | None:
    """Why the layer is not about a span: no label in it, or one, or a target, that was not asked for; None if it is."""
    label, target = span.get(specification.layer), span.get("target")
    if label is None or label == "":
        return f"no_{specification.layer}"
    if specification.labels is not None and label not in specification.labels:
        return "other_label"
    if specification.target is None or target == specification.target:
        return None
    if target is not None:
        return "other_target"
    return None if specification.targetless else "no_target"


def fragments(span: Mapping[str, Any], *, length: int, where: str) -> Fragments:
    """The sorted fragments of a span; Unreadable unless each lies within the text."""
    pieces = span.get("fragments") or [[span.get("start"), span.get("end")]]
    try:
        ordered = tuple(sorted((int(start), int(end)) for start, end in pieces))
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{where}: span {span.get('id')!r} has no start and end") from error
    if any(not 0 <= start < end <= length for start, end in ordered):
        raise Unreadable(f"{where}: span {span.get('id')!r} leaves the text or is empty")
    return ordered


def _mark(span: Mapping[str, Any], layer: str, *, length: int, where: str) -> Mark:
    label = span.get(layer)
    return Mark(
        str(span.get("id")),
        fragments(span, length=length, where=where),
        "" if label is None else str(label),
        span.get("target"),
    )
