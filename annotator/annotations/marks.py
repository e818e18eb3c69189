"""What spans and relations have in common: ids unique in their set, versions, tombstones."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotator.annotations.models import AnnotationSet, Relation, Span
from annotator.annotations.sets import Expected
from annotator.errors import Conflict, Gone


@dataclass(frozen=True)
class Put:
    """What a PUT did: the object as it is now, whether it is new, and the set's version."""

    record: dict[str, Any]
    created: bool
    set_version: int


@dataclass(frozen=True)
class Deleted:
    """What a DELETE took along, by id, and the set's version."""

    spans: list[str]
    relations: list[str]
    set_version: int


def refuse_id_of(other: type[Span] | type[Relation], locked: AnnotationSet, uid: UUID) -> None:
    """Refuses an id that the set already has for a mark of the other kind; deleted ones count."""
    if other._default_manager.filter(set=locked, uid=uid).exists():
        raise Conflict("id_taken", f"This id is already a {other._meta.model_name}'s in this reading.")


def refuse_deleted(deleted: bool, restore: bool) -> None:
    if deleted and not restore:
        raise Gone("deleted", "This was deleted. Put it with ?restore=1 to bring it back.")


def is_stale(expected: Expected, version: int | None) -> bool:
    """Whether the writer believes in another version than the stored one (None: nothing is stored)."""
    if expected.absent and version is not None:
        return True
    return expected.version is not None and version != expected.version


def same(record: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records say the same; version, guideline and what follows from the offsets are no part of it."""
    return all(
        record[key] == other[key] for key in record.keys() - {"version", "guideline", "quote", "created_at"}
    )
