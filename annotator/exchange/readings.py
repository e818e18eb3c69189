"""Whether a reading from a file may be taken: the same rules as for one made here, on all of it at once."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotator.annotations import rules
from annotator.errors import Invalid
from annotator.exchange.vocabulary import Vocabulary
from annotator.formats.rows import Reading
from annotator.projects.models import Membership


@dataclass(frozen=True)
class Draft:
    """A reading that may be stored: its fragments in their final form, its relations in waves.

    A relation is stored after the relation it leads to and after those before it in the file: `waves` gives each its turn.
    """

    reading: Reading
    fragments: Mapping[UUID, rules.Fragments]
    waves: Mapping[UUID, int]


def check(reading: Reading, text: str, known: Vocabulary, membership: Membership | None) -> Draft:
    """The reading as a draft; raises Invalid for the first thing that cannot be."""
    check_ids(reading)
    fragments = {}
    for span in reading.spans:
        fragments[span["id"]] = fragments_of(span, text)
        check_span(span, reading, known, membership)
    relations = {relation["id"] for relation in reading.relations}
    for relation in reading.relations:
        check_relation(relation, fragments, relations, known)
    for group, slug in reading.document_labels.items():
        if ("document", group, slug) not in known.labels:
            raise Invalid("unknown_label", f"{slug!r} is no answer to {group!r} here.")
    check_comments(reading, fragments)
    return Draft(reading, fragments, waves_of(reading.relations))


def check_ids(reading: Reading) -> None:
    seen = set()
    for mark in (*reading.spans, *reading.relations):
        if mark["id"] in seen:
            raise Invalid("id_taken", f"The id {mark['given']} stands twice.")
        seen.add(mark["id"])
    if len({comment["id"] for comment in reading.comments}) < len(reading.comments):
        raise Invalid("id_taken", "Two comments have the same id.")


def fragments_of(span: Mapping[str, Any], text: str) -> rules.Fragments:
    """The span's fragments, within the text and covering what it quotes."""
    try:
        fragments = rules.fragments_of(span["fragments"], span["start"], span["end"])
        rules.check_within(fragments, len(text))
        rules.check_quote(span["quote"], rules.quote_of(text, fragments))
    except Invalid as refused:
        raise Invalid(refused.code, f"span {span['given']}: {refused.detail}") from None
    return fragments


def check_span(
    span: Mapping[str, Any], reading: Reading, known: Vocabulary, membership: Membership | None
) -> None:
    where = f"span {span['given']}"
    for kind in ("stance", "role"):
        if span[kind] is not None and (kind, "", span[kind]) not in known.labels:
            raise Invalid(
                "unknown_label", f"{where}: there is no {kind} label {span[kind]!r} in this project."
            )
    if span["target"] is not None and span["target"] not in known.targets:
        raise Invalid("unknown_target", f"{where}: there is no target {span['target']!r} in this project.")
    if span["holder"] is not None:
        try:
            known.holder(span["holder"], membership)
        except KeyError:
            detail = f"{where}: there is no holder {span['holder']!r} in this project."
            raise Invalid("unknown_holder", detail) from None
    if reading.state in ("submitted", "accepted") and span["stance"] is None and span["role"] is None:
        raise Invalid("span_without_label", f"{where} has neither a stance nor a role.")


def check_relation(
    relation: Mapping[str, Any], spans: Container[UUID], relations: Container[UUID], known: Vocabulary
) -> None:
    where = f"relation {relation['given']}"
    if ("relation", "", relation["label"]) not in known.labels:
        raise Invalid(
            "unknown_label", f"{where}: there is no relation label {relation['label']!r} in this project."
        )
    source, to = relation["from"]["span"], relation["to"]
    if source not in spans or ("span" in to and to["span"] not in spans):
        raise Invalid("unknown_span", f"{where} names a span that is not in the reading.")
    if "relation" in to and to["relation"] not in relations:
        raise Invalid("unknown_relation", f"{where} names a relation that is not in the reading.")
    if to.get("span") == source:
        raise Invalid("relation_circle", f"{where} relates a span to itself.")


def check_comments(reading: Reading, spans: Container[UUID]) -> None:
    """Comments are on spans of the reading, and reply to comments that stand before them."""
    earlier = set()
    for comment in reading.comments:
        where = f"comment {comment['given']}"
        if comment["span"] is not None and comment["span"] not in spans:
            raise Invalid("unknown_span", f"{where} names a span that is not in the reading.")
        if comment["reply_to"] is not None and comment["reply_to"] not in earlier:
            raise Invalid("unknown_comment", f"{where} replies to a comment that does not stand before it.")
        earlier.add(comment["id"])


def waves_of(relations: Sequence[Mapping[str, Any]]) -> dict[UUID, int]:
    """The turn in which each relation is stored; raises Invalid for relations that lead back to themselves."""
    above = {relation["id"]: relation["to"].get("relation") for relation in relations}
    waves: dict[UUID, int] = {}
    last = 0
    for relation in relations:
        chain = chain_of(relation["id"], above, waves)
        for one in reversed(chain):
            target = above[one]
            last = waves[one] = max(last, waves[target] + 1 if target is not None else 0)
    return waves


def chain_of(relation: UUID, above: Mapping[UUID, UUID | None], done: Mapping[UUID, int]) -> list[UUID]:
    """The relation, the one it leads to, and so on, as far as they have no turn yet."""
    chain: list[UUID] = []
    one: UUID | None = relation
    while one is not None and one not in done:
        if one in chain:
            raise Invalid("relation_circle", "A relation leads back to itself.")
        chain.append(one)
        one = above[one]
    return chain
