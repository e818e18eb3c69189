"""Argument graphs of a document: the nodes and links of each reading, aligned and compared.

Peldszus & Stede 2013 (attachment), Stab & Gurevych 2017 (pairs of fixed nodes); free nodes are aligned
first, one to one, by intersection over union.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement import matches
from annotator.agreement.assignment import best_entries
from annotator.agreement.marks import fragments
from annotator.agreement.readings import Dropped, Reading
from annotator.agreement.specification import Specification

Fragments = tuple[tuple[int, int], ...]
#: A link's end: a node by its number, or the relation it points at by that one's ends.
End = int | tuple[Any, ...]


@dataclass(frozen=True)
class Link:
    """From a node to a node or to a link, with its label; `end` nests the ends of the link it points at."""

    start: End
    end: End
    label: str


@dataclass(frozen=True)
class Graph:
    """One reading's spans, in order of text, with their roles, and its relations.

    `paragraphs` numbers the paragraph in which each span begins; all 0 where paragraphs do not matter.
    """

    nodes: tuple[Fragments, ...]
    roles: tuple[str, ...]
    links: tuple[Link, ...]
    paragraphs: tuple[int, ...]


def paragraph_starts(text: str) -> tuple[int, ...]:
    """Where each paragraph but the first begins: after one or more blank lines."""
    return tuple(found.end() for found in re.finditer(r"\n[^\S\n]*\n\s*", text))


def graph(
    reading: Reading, specification: Specification, *, length: int, starts: Sequence[int] = ()
) -> tuple[Graph, tuple[Dropped, ...]]:
    """The reading as a graph; relations whose ends are not in the set, or go in circles, are dropped.

    `starts` are those of the paragraphs that relations do not leave (see paragraph_starts).
    """
    spans = list(reading.content.get("spans") or ())
    placed = [(fragments(span, length=length, where=reading.set_id), span) for span in spans]
    placed.sort(key=lambda pair: (pair[0], str(pair[1].get("id"))))
    number = {str(span.get("id")): i for i, (_, span) in enumerate(placed)}
    relations = {str(rel.get("id")): rel for rel in reading.content.get("relations") or ()}
    links, dropped = [], []
    for name, relation in relations.items():
        start, end = (_end(relation.get(side), number, relations, ()) for side in ("from", "to"))
        label = relation.get("label")
        if start is None or end is None:
            dropped.append(Dropped("dangling_relation", f"{reading.set_id}/{name}"))
        elif label is None:
            dropped.append(Dropped("no_relation", f"{reading.set_id}/{name}"))
        elif specification.labels is not None and label not in specification.labels:
            dropped.append(Dropped("other_label", f"{reading.set_id}/{name}"))
        else:
            links.append(Link(start, end, str(label)))
    nodes = tuple(pieces for pieces, _ in placed)
    roles = tuple(str(span.get("role") or "") for _, span in placed)
    paragraphs = tuple(bisect_right(starts, pieces[0][0]) for pieces in nodes)
    return Graph(nodes, roles, tuple(links), paragraphs), tuple(dropped)


def _end(
    end: Any, number: Mapping[str, int], relations: Mapping[str, Any], above: tuple[str, ...]
) -> End | None:
    if not isinstance(end, Mapping):
        return None
    if end.get("span") is not None:
        return number.get(str(end["span"]))
    name = str(end.get("relation"))
    if name not in relations or name in above or len(above) > 32:
        return None
    ends = [_end(relations[name].get(side), number, relations, (*above, name)) for side in ("from", "to")]
    return None if None in ends else tuple(ends)


#: What an equal role, and a step among spans of the very same text, weigh where overlaps tie.
ROLE, STEP = 1e-7, 1e-10


def aligned(left: Graph, right: Graph, *, share: float = matches.IOU) -> list[tuple[int, int]]:
    """Nodes that are the same node: one to one, of greatest total overlap, each at least `share`.

    Where overlaps tie, those of equal role are paired, then those in order of text, whichever side is whose
    and whatever roles are called: the sides are taken in an order that their form decides.
    """
    if _form(right) < _form(left):
        return [(i, j) for j, i in _paired(right, left, share)]
    return _paired(left, right, share)


def _form(graph: Graph) -> tuple[Any, ...]:
    """What stands where and hangs on what, without the names of roles and relations."""
    links = sorted(graph.links, key=lambda link: (repr(link.start), repr(link.end)))
    ends = tuple((repr(link.start), repr(link.end)) for link in links)
    return (graph.nodes, _pattern(graph.roles), ends, _pattern([link.label for link in links]))


def _pattern(names: Sequence[str]) -> tuple[int, ...]:
    """Each name as the place at which it first stands."""
    first: dict[str, int] = {}
    return tuple(first.setdefault(name, place) for place, name in enumerate(names))


def _paired(left: Graph, right: Graph, share: float) -> list[tuple[int, int]]:
    mine, theirs = _steps(left.nodes), _steps(right.nodes)
    entries = []
    for i, row in enumerate(matches.candidates(left.nodes, right.nodes, share=share)):
        for j in row:
            overlap = matches.intersection_over_union(left.nodes[i], right.nodes[j])
            role = ROLE * (left.roles[i] == right.roles[j])
            entries.append((i, j, overlap and overlap + role - STEP * (mine[i] - theirs[j]) ** 2))
    return best_entries(entries)


def _steps(nodes: Sequence[Fragments]) -> list[int]:
    """How many nodes of the very same text come before each."""
    seen: Counter[Fragments] = Counter()
    steps = []
    for node in nodes:
        steps.append(seen[node])
        seen[node] += 1
    return steps


@dataclass(frozen=True)
class Comparison:
    """What two readings have in common once their nodes are aligned.

    `cells` counts what both say of every ordered pair of aligned nodes of a paragraph ("" is no link; a link
    that leaves its paragraph is in no cell, but is a link all the same); `attached` what
    each aligned node hangs on; `links` common links by label; `unlabelled`, `undirected` common links.
    """

    nodes: int
    cells: Counter[tuple[str, str]]
    attached: Counter[tuple[str, str]]
    links: Counter[str]
    unlabelled: int
    undirected: int


def compared(left: Graph, right: Graph) -> Comparison:
    """Both graphs in the numbers of their aligned nodes; a link with an end that is not aligned is alone."""
    pairs = aligned(left, right)
    mine = _renumbered(left.links, {i: n for n, (i, _) in enumerate(pairs)})
    theirs = _renumbered(right.links, {j: n for n, (_, j) in enumerate(pairs)})
    common = Counter(mine) & Counter(theirs)
    labelled: Counter[str] = Counter()
    for link, count in common.items():
        labelled[link.label] += count
    return Comparison(
        nodes=len(pairs),
        cells=_cells(mine, theirs, [min(left.paragraphs[i], right.paragraphs[j]) for i, j in pairs]),
        attached=_attached(left, right, pairs),
        links=labelled,
        unlabelled=_common(_directed(mine), _directed(theirs)),
        undirected=_common(_undirected(mine), _undirected(theirs)),
    )


def _common(mine: Iterator[Any], theirs: Iterator[Any]) -> int:
    return (Counter(mine) & Counter(theirs)).total()


def _directed(links: Sequence[Link]) -> Iterator[tuple[End, End]]:
    return ((link.start, link.end) for link in links)


def _undirected(links: Sequence[Link]) -> Iterator[frozenset[str]]:
    return (frozenset((repr(link.start), repr(link.end))) for link in links)


def _renumbered(links: Sequence[Link], number: Mapping[int, int]) -> list[Link]:
    """Links whose every end is aligned, in the common numbers."""
    moved = []
    for link in links:
        start, end = _moved(link.start, number), _moved(link.end, number)
        if start is not None and end is not None:
            moved.append(Link(start, end, link.label))
    return moved


def _moved(end: End, number: Mapping[int, int]) -> End | None:
    if isinstance(end, int):
        return number.get(end)
    inner = [_moved(part, number) for part in end]
    return None if None in inner else tuple(inner)


def _cells(
    mine: Sequence[Link], theirs: Sequence[Link], paragraphs: Sequence[int]
) -> Counter[tuple[str, str]]:
    """What both say of the ordered pairs of nodes that stand in one paragraph."""
    first, second = by_pair(mine), by_pair(theirs)
    said = [(i, j) for i, j in first.keys() | second.keys() if paragraphs[i] == paragraphs[j]]
    cells = Counter((first.get(pair, ""), second.get(pair, "")) for pair in said)
    silent = sum(nodes * (nodes - 1) for nodes in Counter(paragraphs).values()) - cells.total()
    if silent:
        cells["", ""] += silent
    return cells


def by_pair(links: Sequence[Link]) -> dict[tuple[int, int], str]:
    """What is said of an ordered pair of nodes; several labels are one composed label."""
    found: dict[tuple[int, int], set[str]] = {}
    for link in links:
        if isinstance(link.start, int) and isinstance(link.end, int) and link.start != link.end:
            found.setdefault((link.start, link.end), set()).add(link.label)
    return {pair: "+".join(sorted(labels)) for pair, labels in found.items()}


def _attached(left: Graph, right: Graph, pairs: Sequence[tuple[int, int]]) -> Counter[tuple[str, str]]:
    mine = {i: n for n, (i, _) in enumerate(pairs)}
    theirs = {j: n for n, (_, j) in enumerate(pairs)}
    return Counter((_hung(left, i, mine), _hung(right, j, theirs)) for i, j in pairs)


def _hung(found: Graph, node: int, number: Mapping[int, int]) -> str:
    """A node's role and, for each link that leaves it, its label and how many nodes on its target stands."""
    own = number[node]
    targets = sorted(
        f"{link.label} {_place(_moved(link.end, number), own)}" for link in found.links if link.start == node
    )
    return "; ".join([found.roles[node] or "-", *targets])


def _place(end: End | None, own: int) -> str:
    if end is None:
        return "elsewhere"
    return f"{end - own:+d}" if isinstance(end, int) else f"link {_flat(end, own)}"


def _flat(end: tuple[Any, ...], own: int) -> str:
    return "(" + " ".join(f"{e - own:+d}" if isinstance(e, int) else _flat(e, own) for e in end) + ")"
