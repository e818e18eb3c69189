"""A difference as two readings side by side: the sentences around, with what each of the two marked in them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.agreement.arrows import Arrow
from annotator.agreement.differences import Difference, Place
from annotator.web.report.ends import ends, marked_there, outlined

# A sentence ends at one of these before white space, or at a line's end.
END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s+|[\r\n]+")
# How far the sentence is looked for, and how near two windows grow together.
REACH, NEAR = 200, 60
# How much of a passage is quoted beside its arrow.
QUOTED = 160
# The end of a stretch that the reader marked, though not as what is shown.
ALSO = "also"

Fragments = Sequence[tuple[int, int]]
# Stretches that a reader marked, each with the end of the relation that it is ("": of none).
Marked = Sequence[tuple[int, int, str]]


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; `marked` by this reader (as the `end` of a relation), or a gap between two windows.

    `also`: marked by the reader, but not as what is shown.
    """

    text: str
    marked: bool = False
    gap: bool = False
    end: str = ""
    also: bool = False


@dataclass(frozen=True)
class Relation:
    """A relation as one reader drew it: from a passage, by what, to a passage or to another relation."""

    source: str
    label: str
    target: "str | Relation"

    @property
    def to_relation(self) -> "Relation | None":
        """The relation that it points at, if it points at one."""
        return self.target if isinstance(self.target, Relation) else None


@dataclass(frozen=True)
class Side:
    """One reader of a difference: the text with what they marked, in words what they say, and their reading.

    `there` says of a relation that they did not draw what they marked at its ends.
    """

    reader: str
    says: str
    pieces: Sequence[Piece]
    set_id: str = ""
    hue: str = ""
    relation: Relation | None = None
    there: str = ""


def direction(text: str) -> str:
    """Which way a text runs: as its first letter does, whatever is written around it on the page."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def windows(text: str, fragments: Fragments) -> list[tuple[int, int]]:
    """The sentences around fragments, near ones grown together, in the order of the text."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(fragments):
        low, high = sentence_start(text, start), sentence_end(text, end)
        if found and low - found[-1][1] <= NEAR:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def sentence_start(text: str, at: int) -> int:
    floor = max(0, at - REACH)
    ends = [match.end() for match in END.finditer(text, floor, at)]
    if ends:
        return ends[-1]
    return 0 if floor == 0 else word_after(text, floor, at)


def word_after(text: str, floor: int, at: int) -> int:
    space = text.find(" ", floor, at)
    return at if space < 0 else space + 1


def sentence_end(text: str, at: int) -> int:
    roof = min(len(text), at + REACH)
    # The span's last character may itself end the sentence.
    match = END.search(text, max(at - 1, 0), roof)
    if match:
        return max(at, match.start() + len(match.group().rstrip()))
    if roof == len(text):
        return roof
    space = text.rfind(" ", at, roof)
    return at if space < 0 else space


def pieces(text: str, shown: Sequence[tuple[int, int]], marked: Marked) -> Iterator[Piece]:
    """The windows cut where the marking begins and ends."""
    for number, (low, high) in enumerate(shown):
        if number or low > 0:
            yield Piece("…", gap=True)
        at = low
        for start, end, which in sorted(marked):
            start, end = max(start, at), min(end, high)
            if start >= end:
                continue
            if start > at:
                yield Piece(text[at:start])
            also = which == ALSO
            yield Piece(text[start:end], marked=not also, end="" if also else which, also=also)
            at = end
        if at < high:
            yield Piece(text[at:high])
    if shown and shown[-1][1] < len(text):
        yield Piece("…", gap=True)


def sides(
    difference: Difference,
    text: str,
    names: Mapping[tuple[str, str], str],
    hues: Mapping[str, str],
    sets: Mapping[str, str],
    spans: Mapping[str, Sequence[Fragments]] | None = None,
) -> tuple[Side, Side]:
    """Both readers of a difference; `sets` are the readings by alias, `spans` what each reader marked."""
    places = (difference.left, difference.right)
    arrow = next((place.arrow for place in places if place and place.arrow), None)
    known = spans or {}
    every = [piece for place in places if place for piece in place.fragments]
    shown = windows(text, every)
    left, right = (
        Side(
            reader,
            says(difference, place, value, names),
            tuple(pieces(text, shown, marked(place) or outlines(arrow, known.get(reader, ())))),
            place.set_id if place else sets.get(reader, ""),
            hues.get((place.label if place else None) or "", ""),
            relation(place.arrow, text, names) if place and place.arrow else None,
            marked_there(arrow, known[reader]) if arrow and not place and reader in known else "",
        )
        for reader, place, value in zip(difference.pair, places, difference.values, strict=True)
    )
    return left, right


def marked(place: Place | None) -> Marked:
    """What a reader marked there; of a relation which end is which."""
    if place is None:
        return ()
    if place.arrow is None:
        return [(start, end, "") for start, end in place.fragments]
    return [(start, end, which) for passage, which in ends(place.arrow) for start, end in passage]


def outlines(arrow: Arrow | None, spans: Sequence[Fragments]) -> Marked:
    """What a reader marked at the ends of a relation that they did not draw."""
    return [(start, end, ALSO) for start, end in outlined(arrow, spans)] if arrow else ()


def relation(arrow: Arrow, text: str, names: Mapping[tuple[str, str], str]) -> Relation:
    """The arrow in words: both ends quoted, and what joins them."""
    source, target = (
        relation(end, text, names) if isinstance(end, Arrow) else quoted(text, end)
        for end in (arrow.source, arrow.target)
    )
    if isinstance(source, Relation):
        source = source.source
    return Relation(source, named(names, "relation", arrow.label), target)


def quoted(text: str, fragments: Fragments) -> str:
    """The passage in one line, its middle left out where it is long."""
    whole = " … ".join(" ".join(text[start:end].split()) for start, end in fragments)
    half = QUOTED // 2
    return whole if len(whole) <= QUOTED else f"{whole[:half].rstrip()} … {whole[-half:].lstrip()}"


def says(
    difference: Difference, place: Place | None, value: str | None, names: Mapping[tuple[str, str], str]
) -> str:
    """What one reader says here, in words."""
    kind = difference.type
    if place is None:
        return "no such relation" if kind == "relation" else "not marked"
    if kind in ("boundary", "missing_unit"):
        label = named(names, "", place.label) if place.label else "label left blank"
        return f"{label}, characters {place.fragments[0][0]:,} to {place.fragments[-1][1]:,}"
    if value is None:
        return f"{kind} left blank"
    return named(names, "document" if kind == "document_label" else kind, value)


def named(names: Mapping[tuple[str, str], str], kind: str, slug: str) -> str:
    """The name of a label, holder or target; of several relations between the same ends each one's."""
    return " and ".join(names.get((kind, part)) or names.get(("", part)) or part for part in slug.split("+"))
