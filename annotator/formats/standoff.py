"""Files of other tools that are annotations and no texts, or texts with their labels between the words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO

from annotator.formats import foreign, kinds
from annotator.formats.rows import Held, Problem

WEBANNO = re.compile(r"\ufeff?#FORMAT=WebAnno TSV")
ROW = re.compile(r"^\d+-\d+(?:\.\d+)?\t", re.M)
NUMBERED = re.compile(r"\[(\d+)\]")
RELATION = re.compile(r"\d+-\d+\[\d+_\d+\]")
BRAT = {
    "T": "spans", "R": "relations", "E": "events", "A": "attributes", "M": "attributes", "N": "references",
    "#": "comments", "*": "relations",
}  # fmt: skip
BRAT_LINE = re.compile(r"^(?:([TREAMN])\d+|([#*])\d*)\t")
XMI = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?<xmi:XMI")
XMI_MARK = re.compile(r"<[\w.-]+:(\w+) [^>]*\bbegin=\"\d+\"")
MACHINERY = ("Token", "Sentence", "DocumentMetaData", "DocumentAnnotation", "TagsetDescription")
TOKEN = re.compile(r"^\S+(?:[ \t]\S+)*[ \t]+(O|[BIESLU]-\S+)$")
FASTTEXT = re.compile(r"^(?:__label__\S+\s*)+")
FEWEST_TOKENS = 3
# What stands in a UIMA CAS and in the state of one of Potato's annotators.
KEYS = ("%FEATURE_STRUCTURES", "instance_id_to_")
PIECE = 1 << 20
# No more of a file is counted than the longest text has bytes.
LARGEST = 80_000_000


def held_in_file(name: str, text: str) -> tuple[Held, ...]:
    """The annotations of a file that is made of them; nothing for any other file."""
    if WEBANNO.match(text):
        return webanno(text)
    if XMI.match(text[:4_000]):
        count = sum(element not in MACHINERY for element in XMI_MARK.findall(text))
        return (Held("INCEpTION (UIMA XMI)", "the file", "spans", count, kept=False),)
    if name.lower().endswith(".ann"):
        return brat(text)
    if is_object(text[: kinds.HEAD]):
        return of_state(text)
    return ()


def held_in(name: str, file: BinaryIO) -> tuple[Held, ...]:
    """The same of an open file, of which no more is read than tells that it is none of them; goes back to its beginning."""
    try:
        head = file.read(kinds.HEAD)
        begin = head.decode(errors="replace")
        if len(head) < kinds.HEAD:
            return held_in_file(name, begin)
        if not may_hold(name, begin) or (is_object(begin) and not stands_in(file, KEYS)):
            return ()
        file.seek(0)
        return held_in_file(name, file.read(LARGEST).decode(errors="replace"))
    finally:
        file.seek(0)


def may_hold(name: str, begin: str) -> bool:
    """Whether a file that begins so may be made of annotations."""
    marked = WEBANNO.match(begin) or XMI.match(begin[:4_000])
    return bool(marked) or name.lower().endswith(".ann") or is_object(begin)


def is_object(begin: str) -> bool:
    return begin.lstrip("\ufeff \t\r\n")[:1] == "{"


def stands_in(file: BinaryIO, keys: Iterable[str]) -> bool:
    """Whether one of the keys stands anywhere in the file, which is read piece by piece; goes back to its beginning."""
    wanted = [key.encode() for key in keys]
    overlap = max(map(len, wanted)) - 1
    file.seek(0)
    piece = file.read(PIECE)
    found = False
    while piece and not (found := any(key in piece for key in wanted)):
        more = file.read(PIECE)
        piece = more and piece[-overlap:] + more
    file.seek(0)
    return found


def webanno(text: str) -> tuple[Held, ...]:
    """The spans of INCEpTION's tab-separated file: numbered ones once, and every cell of one token."""
    spans, relations = 0, len(RELATION.findall(text)) if "#T_RL=" in text else 0
    numbered: set[str] = set()
    for line in text.split("\n"):
        if ROW.match(line):
            cell = next((cell for cell in line.split("\t")[3:] if cell not in ("", "_")), "")
            numbers = NUMBERED.findall(cell)
            numbered.update(numbers)
            spans += bool(cell) and not numbers
    held = [Held("INCEpTION (WebAnno TSV)", "the file", "spans", spans + len(numbered), kept=False)]
    if relations:
        held.append(Held("INCEpTION (WebAnno TSV)", "the file", "relations", relations, kept=False))
    return tuple(held)


def brat(text: str) -> tuple[Held, ...]:
    counted: Counter[str] = Counter()
    for line in text.split("\n"):
        if found := BRAT_LINE.match(line):
            counted[BRAT[found[1] or found[2]]] += 1
    return tuple(Held("brat", ".ann files", what, counted[what], kept=False) for what in sorted(counted))


def of_state(text: str) -> tuple[Held, ...]:
    """A UIMA CAS or the state of one of Potato's annotators: JSON that is no list of texts."""
    if not any(key in text for key in KEYS):
        return ()
    try:
        record = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(record, dict) or foreign.tool_of(record) == "another tool":
        return ()
    counted = Counter(foreign.marks(record))
    tool = foreign.tool_of(record)
    return tuple(Held(tool, "the file", what, counted[what], kept=False) for what in sorted(counted)) or (
        Held(tool, "the file", "spans", 0, kept=False),
    )


def refusal(held: Iterable[Held]) -> str:
    """Why a file that is made of another tool's annotations is not taken, and what to do."""
    detail = "Its annotations are not read here yet, and its text stands between them."
    return f"{in_words(held)}. {detail} Upload the text itself, as a text file."


def in_words(held: Iterable[Held]) -> str:
    """`brat: 3 spans, 1 relation`."""
    counts: Counter[str] = Counter()
    tool = ""
    for each in held:
        tool = each.tool
        counts[each.what] += each.count
    return f"{tool}: {', '.join(number_of(what, count) for what, count in counts.items())}"


def number_of(what: str, count: int) -> str:
    """`1 span`, `2 spans`."""
    return f"{count:,} {what if count != 1 else what.removesuffix('s')}"


def remark(place: str, text: str) -> list[Problem]:
    """A remark on a text that has labels between its words, which come in as words."""
    lines = [line for line in text.split("\n")[:2_000] if line.strip()]
    tags = sum(bool(TOKEN.match(line.rstrip("\r"))) for line in lines)
    labels = sum(bool(FASTTEXT.match(line)) for line in lines)
    if tags >= FEWEST_TOKENS and tags * 10 >= 9 * len(lines):
        what, tool = "tags", "a list of words with tags (CoNLL)"
    elif labels and labels * 2 >= len(lines):
        what, tool = "answers", "a list of labelled texts (fastText)"
    else:
        return []
    count = tags if what == "tags" else labels
    held = (Held(tool, "the text", what, count, kept=True),)
    detail = f"This looks like {tool}: {count:,} labels stand in the text. They stay there as words and are no labels here."
    return [Problem(place, "labels_in_text", detail, taken=True, held=held)]
