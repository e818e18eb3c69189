"""The tables of a report as plain rows, the first of them the head: figures, matrices, differences, documents, readers."""

from collections.abc import Callable, Mapping
from typing import Any

from annotator.agreement.differences import TYPES

Json = Mapping[str, Any]
Rows = list[list[Any]]
COLUMNS = (
    *("name", "group", "label", "pair", "without", "value", "low", "high", "level", "reason"),
    *("numerator", "denominator", "units", "resamples", "seed", "interval_method", "method"),
    *("below_667", "below_800"),
)


def figure_rows(result: Json) -> Rows:
    """One row a figure."""
    return [list(COLUMNS), *(figure_row(figure) for figure in result["figures"])]


def figure_row(figure: Json) -> list[Any]:
    interval = figure["interval"] or {}
    below = interval.get("below") or {}
    return [
        figure["name"],
        figure.get("group"),
        figure["label"],
        joined(figure["pair"]),
        figure.get("without"),
        figure["value"],
        interval.get("low"),
        interval.get("high"),
        interval.get("level"),
        figure["reason"],
        figure.get("numerator"),
        figure.get("denominator"),
        figure.get("units"),
        interval.get("resamples"),
        interval.get("seed"),
        interval.get("method"),
        figure.get("method"),
        below.get("0.667"),
        below.get("0.800"),
    ]


def joined(pair: Any) -> str | None:
    return " / ".join(pair) if pair else None


def matrix_rows(behind: Json) -> Rows:
    """One row a cell of every matrix; without a label in either column: nothing was marked, joined or said."""
    head = ["unit", "group", "pair", "one_says", "other_says", "count"]
    return [
        head,
        *(
            [matrix["unit"], matrix["group"], joined(matrix["pair"]), one, other, count]
            for matrix in behind["matrices"]
            for one, row in zip(matrix["labels"], matrix["cells"], strict=True)
            for other, count in zip(matrix["labels"], row, strict=True)
        ),
    ]


def difference_rows(behind: Json) -> Rows:
    """Differences by type, then by label (or question) and by pair."""
    counted = behind["differences"]
    return [
        ["by", "type", "label", "pair", "count"],
        *(
            [by, row["type"], row["label"], joined(row["pair"]), row["count"]]
            for by in ("type", "label", "pair")
            for row in counted[f"by_{by}"]
        ),
    ]


def document_rows(behind: Json) -> Rows:
    """One row a document: its own figures, and its differences by type."""
    names = list(dict.fromkeys(name for row in behind["documents"] for name in row["figures"]))
    kinds = [kind for kind in TYPES if any(row["differences"].get(kind) for row in behind["documents"])]
    return [
        ["document", "readings", *names, *kinds],
        *(
            [
                row["id"],
                row["readings"],
                *(row["figures"].get(name) for name in names),
                *(row["differences"].get(kind, 0) for kind in kinds),
            ]
            for row in behind["documents"]
        ),
    ]


def reader_rows(behind: Json) -> Rows:
    """Every reader by the model of competence: how often what is taken for true was given as what."""
    head = ["group", "reader", "judged", "accuracy", "low", "high", "taken_for_true", "given", "share"]
    rows: Rows = [head]
    for found in behind["competence"]:
        for each in found["annotators"]:
            interval = each["interval"] or {}
            start = [found["group"], each["annotator"], each["judged"], each["accuracy"]]
            limits = [interval.get("low"), interval.get("high")]
            rows += [
                [*start, *limits, true, given, share]
                for true, row in zip(found["labels"], each["confusion"], strict=True)
                for given, share in zip(found["labels"], row, strict=True)
            ]
    return rows


#: The tables behind the figures, by the name under which they are downloaded.
BEHIND: Mapping[str, Callable[[Json], Rows]] = {
    "matrices": matrix_rows,
    "differences": difference_rows,
    "documents": document_rows,
    "readers": reader_rows,
}
