"""What a reader who did not draw a relation marked at its ends: both passages, one over both, or none."""

from collections.abc import Iterator, Sequence

from annotator.agreement import matches
from annotator.agreement.alignment import NESTED
from annotator.agreement.arrows import Arrow

Fragments = Sequence[tuple[int, int]]


def ends(arrow: Arrow, before: str = "") -> Iterator[tuple[Fragments, str]]:
    """The passages that the relation joins, each with which end it is; those of a relation that it points at too."""
    for way, end in (("from", arrow.source), ("to", arrow.target)):
        if isinstance(end, Arrow):
            yield from ends(end, f"{before}{way} relation: ")
        else:
            yield end, before + way


def partners(passage: Fragments, spans: Sequence[Fragments]) -> set[int]:
    """The spans about the same passage: they share at least half of the shorter one."""
    return {number for number, span in enumerate(spans) if same(tuple(passage), tuple(span))}


def same(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> bool:
    both = matches.intersection(one, other)
    return both > 0 and both >= NESTED * min(matches.length(one), matches.length(other))


def outlined(arrow: Arrow, spans: Sequence[Fragments]) -> list[tuple[int, int]]:
    """What the reader marked there, as stretches of the text."""
    found = set().union(*(partners(passage, spans) for passage, _ in ends(arrow)))
    return sorted(piece for number in found for piece in spans[number])


def marked_there(arrow: Arrow, spans: Sequence[Fragments]) -> str:
    """In words which of the passages the reader marked, and whether as several."""
    passages = list(dict.fromkeys(tuple(passage) for passage, _ in ends(arrow) if passage))
    found = [partners(passage, spans) for passage in passages]
    missing = sum(not some for some in found)
    if missing == len(passages):
        return "marked none of these passages"
    if missing:
        return f"did not mark {'one' if missing == 1 else missing} of these {len(passages)} passages"
    if len(set().union(*found)) < len(passages):
        as_one = ", but as one" if len(passages) == 2 else ""
        return f"did not mark these as {len(passages)} passages{as_one}"
    several = len(set().union(*found))
    apart = f" as {several}" if several > len(passages) else ""
    return f"marked these {len(passages)} passages{apart} and did not join them so"
