"""Published cases: each is data, a coefficient, the value its source prints, and how exactly it prints it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotator.agreement import (
    alpha,
    alpha_u,
    dawid_skene,
    gamma,
    kappa,
    matches,
    pooling,
    ratings,
    segmentation,
    unitized,
    weights,
)
from annotator.agreement.collection import parts
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import in_order
from annotator.agreement.marks import Mark
from annotator.agreement.ratings import Ratings, Tally
from annotator.agreement.readings import Unreadable
from annotator.agreement.specification import METRICS, Specification
from annotator.agreement.unitized import Coincidences, Ratio


class Unknown(LookupError):
    """A coefficient or a kind of data that is not known here."""


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


# Data of each kind, read as what a coefficient asks for.


def _ratings(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    labels = _declared(data, params)
    kind = data.get("kind")
    if kind == "matrix":
        return ratings.from_matrix(_matrix(data), labels=labels, annotators=data.get("annotators"))
    if kind == "pairs":
        pairs = [list(pair) for pair in zip(data["a"], data["b"], strict=True)]
        return ratings.from_matrix(pairs, labels=labels)
    if kind == "table":
        return _of_table(data, params)
    if kind == "long":
        return _of_long(data, labels)
    raise Unknown(f"data {kind!r} as ratings")


def _matrix(data: Mapping[str, Any]) -> list[list[Any]]:
    if "units_x_raters" in data:
        return [list(row) for row in data["units_x_raters"]]
    if "raters_x_units" in data:
        return [list(row) for row in zip(*data["raters_x_units"], strict=True)]
    raise Unknown("a matrix that is neither units_x_raters nor raters_x_units")


def _of_table(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratings:
    table = ratings.from_table(data["table"])
    cells = np.argwhere(table > 0)
    codes = np.repeat(cells, table[tuple(cells.T)].astype(np.int64), axis=0)
    return Ratings(codes.astype(np.int32), _table_labels(data, params), ("1", "2"))


def _of_long(data: Mapping[str, Any], labels: Sequence[Any] | None) -> Ratings:
    rows = data["rows_unit_annotator_label"]
    units, annotators = _numbered(row[0] for row in rows), _numbered(row[1] for row in rows)
    cells: list[list[Any]] = [[None] * len(annotators) for _ in units]
    for unit, annotator, label in rows:
        cells[units[unit]][annotators[annotator]] = label
    return ratings.from_matrix(cells, labels=labels, annotators=[str(name) for name in annotators])


def _numbered(names: Any) -> dict[Any, int]:
    return {name: i for i, name in enumerate(dict.fromkeys(names))}


def _declared(data: Mapping[str, Any], params: Mapping[str, Any]) -> list[Any] | None:
    for source in (params, data):
        for key in ("labels", "categories", "order"):
            if isinstance(source.get(key), list):
                return list(source[key])
    return None


def _table_labels(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Any, ...]:
    size = len(data["table"])
    labels = _declared(data, params)
    return tuple(labels) if labels is not None and len(labels) == size else tuple(range(1, size + 1))


def _tally(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Tally, tuple[Any, ...]]:
    """Count rows and labels; a table of any size stays a table."""
    kind = data.get("kind")
    if kind == "table":
        return ratings.tally_of_table(ratings.from_table(data["table"])), _table_labels(data, params)
    if kind == "counts":
        counts = np.asarray(data["units_x_categories"], dtype=np.float64)
        labels = _declared(data, params) or list(range(1, counts.shape[1] + 1))
        return Tally.of(counts), tuple(labels)
    found = _ratings(data, params)
    return found.distinct(), found.labels


def _table(data: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[Floats, tuple[Any, ...]]:
    kind = data.get("kind")
    if kind == "table":
        return ratings.from_table(data["table"], labels=data.get("labels")), _table_labels(data, params)
    if kind == "2x2":
        return np.array([[data["a"], data["b"]], [data["c"], data["d"]]], dtype=np.float64), (1, 0)
    found = _ratings(data, params)
    if len(found.annotators) != 2:
        raise Unknown("a table of other than two annotators")
    return kappa.pair_tables(found)[0, 1], found.labels


def _near(params: Mapping[str, Any], labels: Sequence[Any]) -> Floats:
    if isinstance(params.get("weights"), list):
        return np.asarray(params["weights"], dtype=np.float64)
    if "distance" in params:
        return weights.from_distance(params["distance"])
    return weights.weights(str(params.get("weights") or "identity"), labels)


def _labels_counted(params: Mapping[str, Any]) -> int | None:
    for key in ("categories", "labels", "q"):
        if isinstance(params.get(key), int):
            return int(params[key])
    return None


def _index(labels: Sequence[Any], wanted: Any) -> int:
    if wanted in labels:
        return list(labels).index(wanted)
    texts = [str(label) for label in labels]
    if str(wanted) not in texts:
        raise ValueError(f"no label {wanted!r}")
    return texts.index(str(wanted))


def _one_label(params: Mapping[str, Any]) -> Any:
    for key in ("label", "category", "class", "k"):
        if key in params:
            return params[key]
    raise ValueError("which label?")


# Fixed units.


def _cohen(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    table, labels = _table(data, params)
    return kappa.cohen(table, 1 - _near(params, labels))


def _cohen_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    table, labels = _table(data, params)
    return kappa.cohen(kappa.binary(table, _index(labels, _one_label(params))))


def _cohen_error(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    table, labels = _table(data, params)
    return kappa.cohen_error(table, 1 - _near(params, labels))


def _alpha(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    observed = alpha.coincidences(tally)
    if "distance" in params:
        order = _declared(data, params) or labels
        distance = alpha.checked_distance(params["distance"], order)
        index = [_index(order, label) for label in labels]
        return alpha.alpha(observed, distance[np.ix_(index, index)])
    metric = str(params.get("metric") or params.get("level") or "nominal")
    if metric in ("jaccard", "masi"):
        sets = [frozenset(label) for label in labels]
        return alpha.alpha(observed, alpha.jaccard(sets) if metric == "jaccard" else alpha.masi(sets))
    if metric not in METRICS:
        raise Unknown(f"metric {metric!r}")
    return alpha.alpha(observed, alpha.distances(metric, observed, labels))


def _alpha_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    chosen = tally.rows[:, _index(labels, _one_label(params))]
    rows = np.stack([chosen, tally.rows.sum(axis=1) - chosen], axis=1)
    observed = alpha.coincidences(Tally(rows, tally.times))
    return alpha.alpha(observed, alpha.distances("nominal", observed))


def _percent(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    tally, labels = _tally(data, params)
    return kappa.observed(tally, _near(params, labels))


def _fleiss(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    return kappa.fleiss(tally, _near(params, labels))


def _fleiss_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    return kappa.fleiss_label(tally, _index(labels, _one_label(params)))


def _gwet(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    near = _near(params, labels)
    counted = _labels_counted(params)
    return kappa.gwet(tally, near if counted in (None, len(near)) else None, labels=counted)


def _brennan_prediger(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = _tally(data, params)
    near = _near(params, labels)
    counted = _labels_counted(params)
    return kappa.brennan_prediger(tally, near if counted in (None, len(near)) else None, labels=counted)


def _conger(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    found = _ratings(data, params)
    return kappa.conger(found, _near(params, found.labels))


def _light(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    found = _ratings(data, params)
    return kappa.mean_pairwise(found, 1 - _near(params, found.labels))[0]


def _competence(
    data: Mapping[str, Any], params: Mapping[str, Any]
) -> tuple[dawid_skene.Competence, Any, Any]:
    rows = data["rows_unit_annotator_label"]
    labels = ratings.ordered((row[2] for row in rows), _declared(data, params))
    units, annotators = _numbered(row[0] for row in rows), _numbered(row[1] for row in rows)
    code = {label: i for i, label in enumerate(labels)}
    columns = np.array([(units[u], annotators[a], code[k]) for u, a, k in rows], dtype=np.int64).T
    shape = (len(units), len(annotators), len(labels))
    fitted = dawid_skene.fit(*columns, shape=shape, smoothing=float(params.get("smoothing") or 0))
    return fitted, labels, annotators


def _class_marginal(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    fitted, labels, _ = _competence(data, params)
    return float(fitted.prior[_index(labels, _one_label(params))])


def _error_rate(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    fitted, labels, annotators = _competence(data, params)
    observer = annotators[params["observer"]]
    return float(fitted.confusion[observer, _index(labels, params["true"]), _index(labels, params["given"])])


# Spans.


def _unitizing(data: Mapping[str, Any]) -> dict[str, Ratio]:
    """Observed and expected disagreement of every label, 2004."""
    begin, length = int(data.get("begin") or 0), int(data["length"])
    found = {}
    for label, annotators in data["spans_start_len_by_category"].items():
        units = [[(start, start + size) for start, size in spans] for spans in annotators]
        found[str(label)] = alpha_u.alpha_u(units, begin=begin, length=length)
    return found


def _alpha_u(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    parts = _unitizing(data).values()
    return Ratio(
        np.asarray(sum(float(part.numerator) for part in parts)),
        np.asarray(sum(float(part.denominator) for part in parts)),
    )


def _alpha_u_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return _unitizing(data)[str(_one_label(params))]


def _spans(data: Mapping[str, Any]) -> tuple[Coincidences, unitized.OwnContinua, list[str]]:
    """The example as one document, on the way that a report takes; ValueError where spans overlap."""
    spans = data["spans_start_end_label"]
    labels = sorted({str(label) for own in spans.values() for _, _, label in own})
    record = {
        "id": "case",
        "text": " " * int(data["length"]),
        "sets": [_set(name, own) for name, own in spans.items()],
    }
    everybody = pooling.group(in_order(parts(record, Specification(layer="role")), labels=labels))
    if pooling.offenders(everybody):
        raise ValueError("spans of one annotator overlap")
    joint, own = pooling.coincidences(everybody), pooling.own_continua(everybody)
    return (
        unitized.summed(joint),
        unitized.OwnContinua(*(getattr(own, f).sum(axis=0) for f in ("same", "mass", "square", "total"))),
        labels,
    )


def _set(annotator: str, spans: Sequence[Any]) -> dict[str, Any]:
    marked = [{"id": str(i), "start": s, "end": e, "role": str(k)} for i, (s, e, k) in enumerate(spans)]
    return {"id": annotator, "annotator": annotator, "spans": marked}


def _joint(coefficient: Callable[[Coincidences], Ratio]) -> Any:
    return lambda data, params: coefficient(_spans(data)[0])


def _joint_label(coefficient: Callable[[Coincidences], Ratio], *, share: bool = False) -> Any:
    def verb(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
        joint, _, labels = _spans(data)
        found = coefficient(joint)
        values = found.share if share else found.agreement
        return float(values[_index(labels, _one_label(params))])

    return verb


def _own_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    _, own, labels = _spans(data)
    return float(unitized.label_u_alpha(own).agreement[_index(labels, _one_label(params))])


def _pooled(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return unitized.pooled_label_u_alpha(_spans(data)[1])


def _coverage(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    return float(unitized.cu_coverage(_spans(data)[0]).share)


def _marks(data: Mapping[str, Any]) -> tuple[list[Mark], list[Mark]]:
    left, right = (
        [Mark(str(i), ((s, e),), str(label), None) for i, (s, e, label) in enumerate(data[side])]
        for side in ("a", "b")
    )
    return left, right


def _f1(common: Callable[[list[Mark], list[Mark]], float]) -> Any:
    def verb(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
        left, right = _marks(data)
        total = len(left) + len(right)
        return 2 * common(left, right) / total if total else None

    return verb


def _f1_characters(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    left, right = ({(p, m.label) for m in side for p in range(*m.hull)} for side in _marks(data))
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else None


def _f1_overlap(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    share = float(params.get("iou") or params.get("threshold") or params.get("t") or matches.IOU)
    verb = _f1(lambda a, b: matches.overlapping(a, b, share=share).total())
    result: float | None = verb(data, params)
    return result


def _f1_limit(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    """Where everything else was rightly left unmarked, kappa tends to 2a / (2a + b + c)."""
    return kappa.cohen(_table(data, params)[0])


# gamma.


def _measure(params: Mapping[str, Any]) -> gamma.Dissimilarity:
    delta = params.get("deltaEmpty", params.get("delta_empty", 1.0))
    return gamma.Dissimilarity(float(params.get("alpha", 1.0)), float(params.get("beta", 1.0)), float(delta))


def _continuum(data: Mapping[str, Any]) -> list[list[gamma.Unit]]:
    by_annotator: dict[str, list[gamma.Unit]] = {str(name): [] for name in data.get("annotators") or ()}
    for annotator, start, end, label in data["units"]:
        by_annotator.setdefault(str(annotator), []).append(gamma.Unit(start, end, str(label)))
    return list(by_annotator.values())


def _gamma(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    found = gamma.gamma(
        _continuum(data),
        dissimilarity=_measure(params),
        samples=int(params.get("n_samples") or 30),
        precision=params.get("precision"),
        seed=int(params.get("seed") or 2026),
        seconds=60,
    )
    return found.value


def _gamma_disorder(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    return gamma.disorder(_continuum(data), _measure(params))


def _gamma_positional(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    one, other = (gamma.Unit(data[side][0], data[side][1], "") for side in ("a", "b"))
    return float(_measure(params).positional([one], [other])[0, 0])


# Segmentations.


def _n_t(params: Mapping[str, Any]) -> int:
    return int(params.get("n_t") or 2)


def _boundary(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return segmentation.boundary_similarity(data["a"], data["b"], n_t=_n_t(params))


def _segmentation(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return segmentation.segmentation_similarity(data["a"], data["b"], n_t=_n_t(params))


def _of_items(coefficient: Callable[..., Any]) -> Any:
    def verb(data: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
        if not isinstance(data.get("items"), Mapping):
            raise Unknown("segmentations that are not given with the case")
        return coefficient(data["items"], n_t=_n_t(params))

    return verb


def _window(metric: Callable[..., float]) -> Any:
    return lambda data, params: metric(data["a"], data["b"], window=params.get("k") or params.get("window"))


Verb = Callable[[Mapping[str, Any], Mapping[str, Any]], Ratio | float | None]

COEFFICIENTS: dict[str, Verb] = {
    "percent_agreement": _percent,
    "percent": _percent,
    "cohen_kappa": _cohen,
    "weighted_kappa": _cohen,
    "cohen_kappa_se": _cohen_error,
    "cohen_kappa_max": lambda data, params: kappa.cohen_ceiling(_table(data, params)[0]),
    "cohen_kappa_per_category": _cohen_label,
    "scott_pi": lambda data, params: kappa.scott(_table(data, params)[0]),
    "fleiss_kappa": _fleiss,
    "fleiss_kappa_missing": _fleiss,
    "fleiss_kappa_per_category": _fleiss_label,
    "krippendorff_alpha": _alpha,
    "alpha_nominal": _alpha,
    "alpha_per_label": _alpha_label,
    "gwet_ac1": _gwet,
    "gwet_ac2": _gwet,
    "brennan_prediger": _brennan_prediger,
    "bennett_s": _brennan_prediger,
    "randolph_kappa": _brennan_prediger,
    "pabak": _brennan_prediger,
    "conger_kappa": _conger,
    "hubert_kappa": _conger,
    "light_kappa": _light,
    "mean_pairwise_kappa": _light,
    "dawid_skene_class_marginal": _class_marginal,
    "dawid_skene_error_rate": _error_rate,
    "alpha_u_2004": _alpha_u,
    "alpha_u_2004_category": _alpha_u_label,
    "alpha_u_2004_Do": lambda data, params: float(_alpha_u_label(data, params).numerator),
    "alpha_u_2004_De": lambda data, params: float(_alpha_u_label(data, params).denominator),
    "u_alpha": _joint(unitized.u_alpha),
    "u_alpha_nominal": _joint(unitized.u_alpha),
    "bar_u_alpha": _joint(unitized.bar_u_alpha),
    "bar_u_alpha_binary": _joint(unitized.bar_u_alpha),
    "cu_alpha": _joint(unitized.cu_alpha),
    "cu_alpha_nominal": _joint(unitized.cu_alpha),
    "cu_coverage": _coverage,
    "ku_alpha": _joint_label(unitized.ku_alpha),
    "ku_alpha_nominal": _joint_label(unitized.ku_alpha),
    "ku_alpha_coverage": _joint_label(unitized.ku_coverage, share=True),
    "ku_coverage": _joint_label(unitized.ku_coverage, share=True),
    "label_u_alpha": _own_label,
    "pooled_label_u_alpha": _pooled,
    "span_f1_exact_label": _f1(lambda a, b: matches.exact(a, b).total()),
    "span_f1_exact": _f1(lambda a, b: matches.exact(a, b).total()),
    "span_f1_exact_unlabelled": _f1(matches.unlabelled),
    "span_f1_unlabelled": _f1(matches.unlabelled),
    "span_f1_overlap": _f1_overlap,
    "span_f1_character_level": _f1_characters,
    "span_f1_characters": _f1_characters,
    "F1 as limit of kappa": _f1_limit,
    "gamma": _gamma,
    "gamma_observed_disorder": _gamma_disorder,
    "gamma_positional_dissimilarity": _gamma_positional,
    "boundary_similarity": _boundary,
    "segmentation_similarity": _segmentation,
    "segeval_actual_agreement_linear": _of_items(segmentation.actual_agreement),
    "segeval_fleiss_kappa_linear": _of_items(segmentation.fleiss_kappa),
    "segeval_fleiss_pi_linear": _of_items(segmentation.fleiss_pi),
    "window_diff": _window(segmentation.window_difference),
    "p_k": _window(segmentation.p_k),
}
