"""Which annotation sets of a document are compared: one reading for each annotator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotator.agreement.specification import Specification


class Unreadable(ValueError):
    """A record that is not a document with its annotation sets; says which and why."""


@dataclass(frozen=True)
class Reading:
    """One annotator's set of one document, as the neutral record gives it."""

    annotator: str
    set_id: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Dropped:
    """One thing that does not enter, by its id, and why."""

    reason: str
    id: str


def choose(
    document: Mapping[str, Any], specification: Specification
) -> tuple[tuple[Reading, ...], tuple[Dropped, ...]]:
    """One reading for each annotator of the document, in order of alias, and what was passed over.

    Kind, state and guideline are looked at first, then the newest round of each annotator; of two kinds
    in the same round the one that stands first in `specification.kinds` enters.
    """
    admitted: list[Mapping[str, Any]] = []
    dropped: list[Dropped] = []
    for entry in _sets(document):
        reason = _refusal(entry, specification)
        if reason is None:
            admitted.append(entry)
        else:
            dropped.append(Dropped(reason, _set_name(document, entry)))
    chosen = _newest(admitted, specification)
    dropped += [
        Dropped("older_round", _set_name(document, entry))
        for entry in admitted
        if chosen[_reader(entry)] is not entry
    ]
    readings = tuple(
        Reading(alias, _set_name(document, chosen[alias]), chosen[alias]) for alias in sorted(chosen)
    )
    return readings, tuple(dropped)


def _sets(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    sets = document.get("sets") or ()
    if not isinstance(sets, (list, tuple)):
        raise Unreadable(f"document {document.get('id')!r}: sets is not a list")
    for entry in sets:
        if not isinstance(entry, Mapping) or not entry.get("annotator"):
            raise Unreadable(f"document {document.get('id')!r}: a set names no annotator")
        yield entry


def _reader(entry: Mapping[str, Any]) -> str:
    """Whom the set speaks for: a gold set is not one more opinion of the adjudicator who wrote it."""
    alias = str(entry["annotator"])
    return f"{alias} (gold)" if entry.get("kind") == "gold" else alias


def _refusal(entry: Mapping[str, Any], specification: Specification) -> str | None:
    if specification.annotators is not None and entry["annotator"] not in specification.annotators:
        return "annotator_not_asked"
    if (entry.get("kind") or "human") not in specification.kinds:
        return "kind_not_asked"
    if (entry.get("state") or "submitted") not in specification.states:
        return "state_not_asked"
    if not _in_time(entry.get("submitted_at"), specification):
        return "outside_the_dates"
    return None if _under(entry, specification.guidelines) else "other_guideline"


def _under(entry: Mapping[str, Any], guidelines: tuple[int, ...] | None) -> bool:
    """Whether no mark of the set was made under another version: without single marks it would be half a reading."""
    if guidelines is None:
        return True
    marks = (mark for kind in ("spans", "relations") for mark in entry.get(kind) or ())
    return all(mark.get("guideline") in guidelines for mark in marks)


def _in_time(submitted: str | None, specification: Specification) -> bool:
    """Whether the set was submitted in the time asked for; one without a time is in no bounded time."""
    if specification.since is None and specification.until is None:
        return True
    if submitted is None:
        return False
    moment = _moment(submitted)
    after = specification.since is None or moment >= _moment(specification.since)
    return after and (specification.until is None or moment < _moment(specification.until))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"{text!r} is no ISO 8601 time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _newest(sets: list[Mapping[str, Any]], specification: Specification) -> dict[str, Mapping[str, Any]]:
    chosen: dict[str, Mapping[str, Any]] = {}
    for entry in sets:
        alias = _reader(entry)
        if alias not in chosen or _rank(entry, specification) > _rank(chosen[alias], specification):
            chosen[alias] = entry
    return chosen


def _rank(entry: Mapping[str, Any], specification: Specification) -> tuple[int, int]:
    kind = entry.get("kind") or "human"
    return int(entry.get("round") or 1), -specification.kinds.index(kind)


def _set_name(document: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or f"{document.get('id')}/{entry['annotator']}/{entry.get('round') or 1}")
