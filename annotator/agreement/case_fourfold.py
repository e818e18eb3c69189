"""The coefficients of published cases on a fourfold table, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from annotator.agreement import kappa
from annotator.agreement.case_data import Unknown, declared, index_of, table_of
from annotator.agreement.case_kinds import kind_of
from annotator.agreement.continua import Floats
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]

#: The parameters under which a case names the label that an F1 is of.
OF_LABEL = (
    "label", "category", "class", "k",
    "pos_label", "positive_label", "positive_class", "positive_category", "positive",
)  # fmt: skip
#: Labels that say themselves that they are the positive one of two.
POSITIVE = ("1", "1.0", "true", "yes", "positive", "pos", "present")


def binary_table(data: Case, params: Case) -> Floats:
    """The fourfold table: as it is, or of one label against the rest; Unknown where none is the positive one."""
    if params.get("average") not in (None, "binary"):
        raise Unknown(f"an average {params['average']!r} over labels")
    table, labels = table_of(data, params)
    named = next((key for key in OF_LABEL if key in params), None)
    if named is not None:
        return kappa.binary(table, index_of(labels, params[named]))
    if len(table) != 2:
        raise ValueError("the table is not fourfold, and no label is named")
    if kind_of(data) in ("table", "2x2") or declared(data, params) is not None:
        return table
    return kappa.binary(table, _positive(labels))


def _positive(labels: Sequence[Any]) -> int:
    """Which of two labels that stand in no declared order is the positive one."""
    found = [place for place, label in enumerate(labels) if str(label).strip().lower() in POSITIVE]
    if len(found) != 1:
        raise Unknown("two labels of which neither is said to be the positive one")
    return found[0]


def f1(data: Case, params: Case) -> Ratio:
    """F1 = 2a / (2a + b + c), which is positive specific agreement and Dice too."""
    table = binary_table(data, params)
    return _share(2 * table[0, 0], 2 * table[0, 0] + table[0, 1] + table[1, 0])


def negative(data: Case, params: Case) -> Ratio:
    """Negative specific agreement: 2d / (2d + b + c)."""
    table = binary_table(data, params)
    return _share(2 * table[1, 1], 2 * table[1, 1] + table[0, 1] + table[1, 0])


def _share(part: float, whole: float) -> Ratio:
    return Ratio(np.asarray(float(whole - part)), np.asarray(float(whole)))


def prevalence_index(data: Case, params: Case) -> float:
    """(a - d) / n (Byrt, Bishop & Carlin 1993)."""
    table = binary_table(data, params)
    return float((table[0, 0] - table[1, 1]) / table.sum())


def bias_index(data: Case, params: Case) -> float:
    """(b - c) / n (Byrt, Bishop & Carlin 1993)."""
    table = binary_table(data, params)
    return float((table[0, 1] - table[1, 0]) / table.sum())


FOURFOLD: Mapping[str, Callable[[Case, Case], Any]] = {
    "f1": f1,
    "negative_agreement": negative,
    "prevalence_index": prevalence_index,
    "bias_index": bias_index,
}
