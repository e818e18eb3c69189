"""What spans and relations have in common: ids unique in their set, versions, tombstones."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from annotator.annotations.models import AnnotationSet, Span
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


TABLES = {"span": "annotations_span", "relation": "annotations_relation", "comment": "annotations_comment"}


def refuse_id_of_others(kind: str, locked: AnnotationSet, uid: UUID) -> None:
    """Refuses an id that the set already has for a mark of another kind; deleted ones count. One query."""
    key = Span._meta.get_field("uid").get_db_prep_value(uid, connection)
    others = [other for other in TABLES if other != kind]
    sql = " UNION ALL ".join(
        f"SELECT '{other}' FROM {TABLES[other]} WHERE set_id = %s AND uid = %s" for other in others
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [locked.pk, key] * len(others))
        found = cursor.fetchone()
    if found:
        raise Conflict("id_taken", f"This id is already a {found[0]}'s in this reading.")


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
