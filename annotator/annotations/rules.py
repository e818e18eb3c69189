"""What a span, a relation and a comment may be: pure checks, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from annotator.errors import Invalid

MOST_FRAGMENTS = 100
# No document is longer (documents.texts.LONGEST), so an offset beyond needs no look at the text.
FARTHEST_OFFSET = 20_000_000
LONGEST_NOTE = 10_000
Fragments = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SpanDraft:
    """A span as somebody asks for it, by slugs; `quote` is only compared."""

    fragments: Fragments
    stance: str | None = None
    role: str | None = None
    holder: str | None = None
    target: str | None = None
    explicit: bool | None = None
    note: str = ""
    confidence: float | None = None
    quote: str | None = None


@dataclass(frozen=True)
class RelationDraft:
    """A relation as somebody asks for it: from a span to exactly one span or relation, by their ids."""

    label: str
    source: UUID
    to_span: UUID | None = None
    to_relation: UUID | None = None
    note: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class CommentDraft:
    text: str
    span: UUID | None = None
    reply_to: UUID | None = None


def fragments_of(fragments: Sequence[Sequence[int]] | None, start: int | None, end: int | None) -> Fragments:
    """The fragments that a body gives, as `fragments` or as `start` and `end`; both must agree where both stand."""
    if fragments is None:
        if start is None or end is None:
            raise Invalid("no_offsets", "Give fragments, or start and end.", attr="fragments")
        fragments = [(start, end)]
    pairs = tuple((pair[0], pair[1]) for pair in fragments)
    check_fragments(pairs)
    if start is not None and start != pairs[0][0]:
        raise Invalid("hull_mismatch", "start is not where the first fragment starts.", attr="start")
    if end is not None and end != pairs[-1][1]:
        raise Invalid("hull_mismatch", "end is not where the last fragment ends.", attr="end")
    return pairs


def check_fragments(fragments: Fragments) -> None:
    """Fragments are sorted, not empty, and neither touch nor overlap."""
    if not fragments:
        raise Invalid("no_offsets", "A span has at least one fragment.", attr="fragments")
    if len(fragments) > MOST_FRAGMENTS:
        raise Invalid(
            "too_many_fragments", f"A span has at most {MOST_FRAGMENTS} fragments.", attr="fragments"
        )
    previous_end = -1
    for start, end in fragments:
        if start < 0:
            raise Invalid("offset_negative", f"The offset {start} is below 0.", attr="fragments")
        if end <= start:
            raise Invalid(
                "fragment_empty", f"The fragment {start} to {end} is empty or reversed.", attr="fragments"
            )
        if end > FARTHEST_OFFSET:
            raise Invalid("offset_past_end", f"No text is as long as {end}.", attr="fragments")
        if start <= previous_end:
            raise Invalid(
                "fragments_touch",
                f"The fragment at {start} touches, overlaps or precedes the one before.",
                attr="fragments",
            )
        previous_end = end


def check_within(fragments: Fragments, length: int) -> None:
    if fragments[-1][1] > length:
        raise Invalid(
            "offset_past_end", f"The text ends at {length}; the span at {fragments[-1][1]}.", attr="fragments"
        )


def check_quote(given: str | None, found: str) -> None:
    if given is not None and given != found:
        raise Invalid(
            "quote_mismatch",
            "The quote is not the text between the offsets.",
            attr="quote",
            found=found[:1000],
        )


def quote_of(text: str, fragments: Sequence[Sequence[int]]) -> str:
    """The fragments' texts, joined by one space."""
    return " ".join(text[start:end] for start, end in fragments)


def check_no_circle(relation: UUID, target: UUID, ends: Mapping[UUID, UUID | None]) -> None:
    """Refuses a relation whose chain of targets comes back to it; `ends` gives each relation's target relation."""
    seen: UUID | None = target
    for _ in range(len(ends) + 1):
        if seen is None:
            return
        if seen == relation:
            raise Invalid("relation_circle", "A relation cannot lead back to itself.", attr="to")
        seen = ends.get(seen)
