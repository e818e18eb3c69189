"""How far each reader follows what all readings together suggest, as a table that says what it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.web.report.figures import FEWEST, digits
from annotator.web.report.matrices import SHARES, Cell, Matrix, step

Json = Mapping[str, Any]
NOT_SETTLED = (
    "The model did not settle on one solution here: readers who read in opposite ways explain the labels equally well. "
    "Do not use these values."
)
UNSETTLED = {
    "fewer_than_three": (
        "No unit was judged by three readers, and two that differ never tell which of them is right. "
        "Do not use these values."
    ),
    "not_converged": NOT_SETTLED,
    "another_solution": (
        "Taking another reader's labels for true explains all labels as well as these values do, and gives others. "
        "Do not use these values."
    ),
}


@dataclass(frozen=True)
class Reader:
    name: str
    judged: int
    value: str
    interval: str
    outside: bool
    confusion: Matrix


@dataclass(frozen=True)
class Competence:
    units: int
    readers: Sequence[Reader]
    method: str
    unsettled: str


def competence(
    found: Sequence[Json], group: str | None, names: Mapping[str, str], *, documents: int = FEWEST
) -> Competence | None:
    """The readers of one question; None where the model could not be fitted. Of few documents without intervals."""
    here = next((each for each in found if each["group"] == group), None)
    if here is None:
        return None
    labels = [names.get(label, label) for label in here["labels"]]
    readers = [reader(each, labels, told=documents >= FEWEST) for each in here["annotators"]]
    settled = here["converged"] and not any(each.outside for each in readers)
    unsettled = UNSETTLED.get(here.get("reason") or "", "" if settled else NOT_SETTLED)
    return Competence(here["units"], readers, here["method"], unsettled)


def reader(each: Json, labels: Sequence[str], *, told: bool) -> Reader:
    interval, value = each["interval"], each["accuracy"]
    limits = f"{digits(interval['low'], 2)} to {digits(interval['high'], 2)}" if interval and told else ""
    outside = bool(interval) and not interval["low"] <= value <= interval["high"]
    rows = [
        (label, [Cell(f"{100 * share:.0f} %", step(share, SHARES), "") for share in row])
        for label, row in zip(labels, each["confusion"], strict=True)
    ]
    note = (
        "Where the model takes the label of the row for true, how often this reader gives that of the column."
    )
    confusion = Matrix(each["annotator"], note, "taken for true", labels, rows)
    return Reader(each["annotator"], each["judged"], digits(value, 2), limits, outside, confusion)
