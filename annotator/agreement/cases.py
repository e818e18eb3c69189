"""Published cases: each is data, a coefficient, the value its source prints, and how exactly it prints it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotator.agreement.case_data import Unknown
from annotator.agreement.case_families import with_family
from annotator.agreement.case_gamma import GAMMA
from annotator.agreement.case_graphs import GRAPHS
from annotator.agreement.case_models import MODELS
from annotator.agreement.case_names import Name, parsed, statistic_named
from annotator.agreement.case_remarks import PLAIN
from annotator.agreement.case_segments import SEGMENTS
from annotator.agreement.case_spans import SPANS
from annotator.agreement.case_statistics import statistic
from annotator.agreement.case_synonyms import MEANS
from annotator.agreement.case_units import UNITS
from annotator.agreement.gamma import TimeIsUp
from annotator.agreement.readings import Unreadable
from annotator.agreement.unitized import Ratio

COEFFICIENTS: Mapping[str, Callable[[Any, Any], Any]] = {
    **UNITS,
    **MODELS,
    **SPANS,
    **GAMMA,
    **SEGMENTS,
    **GRAPHS,
}
#: Coefficients whose parameters name no family of weights or distances under the names that others do.
AS_THEY_ARE = frozenset([*MODELS, *GAMMA, *SEGMENTS])
KNOWN = frozenset(COEFFICIENTS) | frozenset(MEANS)


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
    """The cases of a JSON file: a list, or an object with a list `cases`; Unreadable otherwise.

    What stands in the list and is no case is kept as one without a coefficient, so that it is named.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: {error}") from error
    cases = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(cases, list):
        raise Unreadable(f"{path}: not a list of cases")
    named = [
        case if isinstance(case, dict) else {"name": f"entry {i + 1}: not a case"}
        for i, case in enumerate(cases)
    ]
    return [_resolved(case, named) for case in named]


def _resolved(case: dict[str, Any], cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A case whose data says "as NAME" takes that field, or all data, from the case of that name."""
    by_name = {f"as {other.get('name')}": other.get("data") for other in cases}
    data = case.get("data")
    if isinstance(data, str) and isinstance(by_name.get(data), dict):
        return {**case, "data": by_name[data]}
    if not isinstance(data, dict):
        return case
    taken = {}
    for key, value in data.items():
        other = by_name.get(value) if isinstance(value, str) else None
        taken[key] = other.get(key) if isinstance(other, dict) else value
    return {**case, "data": taken}


#: What an author writes for a coefficient that has no value.
NO_VALUE = ("undefined", "nan", "none", "null", "n/a", "na", "not defined", "no value")


def run(case: Mapping[str, Any]) -> Outcome:
    """Compute the case's coefficient; what is not known, or cannot be read, is said in the outcome."""
    value, note, known = None, "", True
    expected, tolerance = None, 0.0
    try:
        expected, tolerance = _expected(case.get("expected")), _tolerance(case.get("tolerance"))
        data, params = (_object(case.get(field), field) for field in ("data", "params"))
        with np.errstate(all="ignore"):
            value = _finite(compute(_named(case.get("coefficient")), data, params))
        note = "" if value is not None else "undefined"
    except Unknown as unknown:
        note, known = f"not known: {unknown}", False
    except TimeIsUp as late:
        note, known = f"not computed: {late}", False
    except UNREADABLE as error:
        note, known = f"cannot be read: {error!r}", False
    return Outcome(
        name=str(case.get("name") or "without a name"),
        coefficient=str(case.get("coefficient")),
        expected=expected,
        tolerance=tolerance,
        source=str(case.get("source") or ""),
        value=value,
        note=note,
        known=known,
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many agree, differ and are not known, and which coefficients the last are."""
    unknown = [outcome for outcome in outcomes if not outcome.known]
    agreeing = sum(outcome.agrees for outcome in outcomes)
    differing = len(outcomes) - agreeing - len(unknown)
    names = ", ".join(dict.fromkeys(outcome.coefficient for outcome in unknown))
    counted = f"{agreeing} agree, {differing} differ, {len(unknown)} not known"
    return f"{counted}: {names}" if names else counted


#: What goes wrong with data that is not what its kind says.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    Unreadable,
    ValueError,
    np.exceptions.AxisError,
)


def _named(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(f"a coefficient {given!r}")
    return given


def _object(given: Any, field: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError(f"{field} is no object")
    return given


def _expected(given: Any) -> float | None:
    """The expected value; None for one that is said to be undefined. ValueError for anything else."""
    if given is None or (isinstance(given, str) and given.strip().lower() in NO_VALUE):
        return None
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError(f"an expected value {given!r}")
    number = float(given)
    return None if np.isnan(number) else number


def _tolerance(given: Any) -> float:
    return 1e-9 if given is None else abs(float(given))


def compute(coefficient: str, data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    """The value of a named coefficient on data of a known kind; Unknown otherwise, None if undefined."""
    name = _parsed(coefficient, params)
    known = MEANS.get(name.coefficient, name.coefficient)
    if known not in AS_THEY_ARE:
        params = with_family(known, name, data, params)
    elif name.family not in (None, "linear", *PLAIN):
        raise Unknown(f"{name.family} {known}")
    if name.statistic is not None:
        return statistic(known, name.statistic, data, params)
    result = COEFFICIENTS[known](data, params)
    if isinstance(result, Ratio):
        result = float(result.agreement)
    return None if result is None else float(result)


def _parsed(coefficient: str, params: Mapping[str, Any]) -> Name:
    """The name in its parts; the coefficient of a bare statistic may stand among the parameters."""
    name, of = parsed(coefficient, KNOWN), params.get("coefficient", params.get("of"))
    statistic_alone = statistic_named(coefficient)
    if isinstance(of, str) and statistic_alone is not None:
        name = parsed(of, KNOWN)
        name = name and replace(name, statistic=statistic_alone)
    if name is None:
        raise Unknown(f"coefficient {coefficient!r}")
    return name


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else value
