"""The coefficients of published cases on argument graphs with fixed nodes, by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from annotator.agreement import alpha, graphs, kappa, ratings
from annotator.agreement.case_data import Unknown, numbered, one_label
from annotator.agreement.case_kinds import ANNOTATORS, first_of
from annotator.agreement.graphs import Graph, Link
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]
#: What a pair of nodes is called that nobody linked.
NONE = "none"


def _graphs(data: Case, params: Case) -> list[Graph]:
    """Each annotator's graph on the nodes that all share."""
    given = first_of(
        data, ("links_source_target_label", "edges_source_target_label", "links", "edges", "relations")
    )
    if given is None and "a" in data and "b" in data:
        given = {"a": data["a"], "b": data["b"]}
    if not isinstance(given, Mapping) or data.get("nodes") is None:
        raise Unknown("graphs without nodes, or without the links of each annotator")
    chosen = next((params[key] for key in ANNOTATORS if isinstance(params.get(key), list)), list(given))
    nodes = data["nodes"]
    number = numbered(range(nodes) if isinstance(nodes, int) else nodes)
    within = params.get("candidates") == "paragraph"
    paragraphs = tuple(data["paragraphs"]) if within else (0,) * len(number)
    if len(paragraphs) != len(number):
        raise ValueError("every node stands in a paragraph")
    return [_graph(given[name], number, paragraphs) for name in chosen]


def _graph(links: Any, number: Mapping[Hashable, int], paragraphs: tuple[int, ...]) -> Graph:
    made = [Link(number[s], number[t], str(label[0]) if label else "link") for s, t, *label in links]
    places = tuple(((2 * i, 2 * i + 1),) for i in range(len(number)))
    return Graph(places, ("",) * len(number), tuple(made), paragraphs)


def _f1(links: Callable[[graphs.Comparison], int]) -> Callable[[Case, Case], float | None]:
    """2 x common / all links of two annotators; of more the mean over pairs."""

    def verb(data: Case, params: Case) -> float | None:
        pairs = list(combinations(_graphs(data, params), 2))
        values = [
            2 * links(graphs.compared(a, b)) / (len(a.links) + len(b.links))
            for a, b in pairs
            if a.links or b.links
        ]
        return float(np.mean(values)) if values else None

    return verb


def _of_label(params: Case) -> str | None:
    named = any(key in params for key in ("label", "category", "class"))
    return str(one_label(params)) if named else None


def _judgements(data: Case, params: Case) -> ratings.Ratings:
    """What each annotator says of every ordered pair of nodes, of one label against the rest if it is named."""
    found = _graphs(data, params)
    wanted = _of_label(params)
    said = [graphs.by_pair(one.links) for one in found]
    paragraphs = found[0].paragraphs
    pairs = [
        (i, j)
        for i in range(len(paragraphs))
        for j in range(len(paragraphs))
        if i != j and paragraphs[i] == paragraphs[j]
    ]
    rows = [[one.get(pair, NONE) for one in said] for pair in pairs]
    if wanted is not None:
        rows = [[wanted if label == wanted else NONE for label in row] for row in rows]
    return ratings.from_matrix(rows)


def _kappa(data: Case, params: Case) -> Ratio:
    found = _judgements(data, params)
    if len(found.annotators) != 2:
        return kappa.conger(found)
    return kappa.cohen(kappa.pair_tables(found)[0, 1])


def _fleiss(data: Case, params: Case) -> Ratio:
    return kappa.fleiss(_judgements(data, params).distinct())


def _alpha(data: Case, params: Case) -> Ratio:
    observed = alpha.coincidences(_judgements(data, params).distinct())
    return alpha.alpha(observed, alpha.distances("nominal", observed))


def _percent(data: Case, params: Case) -> float:
    return _observed(_judgements(data, params))


def _observed(found: ratings.Ratings) -> float:
    """The share of pairs of annotators that say the same."""
    return kappa.observed(found.distinct(), np.eye(len(found.labels)))


def _attachment(data: Case, params: Case) -> ratings.Ratings:
    """What each node hangs on, as one composed label for each annotator."""
    hung: list[list[str]] = []
    for one in _graphs(data, params):
        own: list[Counter[str]] = [Counter() for _ in one.nodes]
        for link in one.links:
            own[int(link.start)] += Counter([f"{link.label} {link.end}"])  # type: ignore[arg-type]
        hung.append(["; ".join(sorted(ends.elements())) for ends in own])
    return ratings.from_matrix([list(row) for row in zip(*hung, strict=True)])


GRAPHS = {
    "link_f1": _f1(lambda found: found.links.total()),
    "link_f1_unlabelled": _f1(lambda found: found.unlabelled),
    "link_f1_undirected": _f1(lambda found: found.undirected),
    "relation_kappa": _kappa,
    "relation_fleiss_kappa": _fleiss,
    "relation_alpha": _alpha,
    "relation_percent": _percent,
    "attachment": lambda data, params: _observed(_attachment(data, params)),
    "attachment_kappa": lambda data, params: kappa.conger(_attachment(data, params)),
    "attachment_fleiss_kappa": lambda data, params: kappa.fleiss(_attachment(data, params).distinct()),
}
