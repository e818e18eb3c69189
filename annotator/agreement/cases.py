"""Published cases: each is data, a coefficient, the value its source prints, and how exactly it prints it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotator.agreement.case_data import Unknown
from annotator.agreement.case_spans import SPANS
from annotator.agreement.case_units import UNITS
from annotator.agreement.readings import Unreadable
from annotator.agreement.unitized import Ratio

COEFFICIENTS = {**UNITS, **SPANS}


@dataclass(frozen=True)
class Outcome:
    """A case and what became of it; `value` None with a `note` where it could not be computed."""

    name: str
    coefficient: str
    expected: float | None
    tolerance: float
    source: str
    value: float | None
    note: str = ""
    known: bool = True

    @property
    def agrees(self) -> bool:
        """The value is the expected one as exactly as it was printed; an expected null is no value."""
        if self.expected is None or self.value is None:
            return self.known and self.expected is None and self.value is None
        return abs(self.value - self.expected) <= self.tolerance


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of a JSON file: a list, or an object with a list `cases`; Unreadable otherwise."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from error
    cases = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise Unreadable(f"{path}: not a list of cases")
    return [_resolved(case, cases) for case in cases]


def _resolved(case: dict[str, Any], cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A case whose data says "as NAME" takes that field from the case of that name."""
    data = case.get("data")
    if not isinstance(data, dict):
        return case
    by_name = {f"as {other.get('name')}": other.get("data") or {} for other in cases}
    taken = {
        key: by_name[value].get(key) if isinstance(value, str) and value in by_name else value
        for key, value in data.items()
    }
    return {**case, "data": taken}


def run(case: Mapping[str, Any]) -> Outcome:
    """Compute the case's coefficient; what is not known, or cannot be read, is said in the outcome."""
    value, note, known = None, "", True
    try:
        value = _finite(
            compute(str(case.get("coefficient")), case.get("data") or {}, case.get("params") or {})
        )
        note = "" if value is not None else "undefined"
    except Unknown as unknown:
        note, known = f"not known: {unknown}", False
    except (ValueError, KeyError, TypeError, IndexError) as error:
        note, known = f"cannot be read: {error!r}", False
    expected = case.get("expected")
    return Outcome(
        name=str(case.get("name")),
        coefficient=str(case.get("coefficient")),
        expected=None if expected is None else float(expected),
        tolerance=float(case.get("tolerance") or 1e-9),
        source=str(case.get("source") or ""),
        value=value,
        note=note,
        known=known,
    )


def compute(coefficient: str, data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    """The value of a named coefficient on data of a known kind; Unknown otherwise, None if undefined."""
    name = coefficient.split(" (")[0].strip()
    verb = COEFFICIENTS.get(name)
    if verb is None:
        raise Unknown(f"coefficient {coefficient!r}")
    result = verb(data, params)
    if isinstance(result, Ratio):
        result = float(result.agreement)
    return None if result is None else float(result)


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else value
