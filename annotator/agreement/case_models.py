"""The coefficients of published cases on annotator models, label sets and soft labels, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log, sqrt
from typing import Any

import numpy as np

from annotator.agreement import dawid_skene, ratings, soft_labels
from annotator.agreement.case_alpha import as_set, set_distances
from annotator.agreement.case_data import (
    Unknown,
    declared,
    index_of,
    long_rows,
    numbered,
    one_label,
    tally_of,
)
from annotator.agreement.case_kinds import first_of
from annotator.agreement.case_names import plain
from annotator.agreement.continua import Floats

Case = Mapping[str, Any]
#: The logarithm of a case, by its base.
BASES = {"2": log(2), "bits": log(2), "e": 1.0, "nats": 1.0, "natural": 1.0, "10": log(10)}


def _competence(data: Case, params: Case) -> tuple[dawid_skene.Competence, Any, Any, Any]:
    rows = long_rows(data, params)
    labels = ratings.ordered((row[2] for row in rows), declared(data, params))
    units, annotators = numbered(row[0] for row in rows), numbered(row[1] for row in rows)
    code = {label: i for i, label in enumerate(labels)}
    columns = np.array([(units[u], annotators[a], code[k]) for u, a, k in rows], dtype=np.int64).T
    shape = (len(units), len(annotators), len(labels))
    steps = first_of(params, ("n_iter", "iterations", "steps"))
    fitted = dawid_skene.fit(
        *columns,
        shape=shape,
        smoothing=float(params.get("smoothing") or 0),
        steps=1000 if steps is None else int(steps),
    )
    return fitted, labels, units, annotators


def _class_marginal(data: Case, params: Case) -> float:
    fitted, labels, _, _ = _competence(data, params)
    return float(fitted.prior[index_of(labels, one_label(params))])


def _annotator(params: Case, annotators: Mapping[Any, int]) -> int:
    return index_of(list(annotators), first_of(params, ("observer", "annotator", "rater", "worker", "coder")))


def _error_rate(data: Case, params: Case) -> float:
    fitted, labels, _, annotators = _competence(data, params)
    true = first_of(params, ("true", "true_label", "true_class", "from"))
    given = first_of(params, ("given", "observed", "given_label", "to"))
    place = index_of(labels, true), index_of(labels, given)
    return float(fitted.confusion[_annotator(params, annotators), *place])


def _accuracy(data: Case, params: Case) -> float:
    fitted, _, _, annotators = _competence(data, params)
    return float(fitted.accuracy[_annotator(params, annotators)])


def _posterior(data: Case, params: Case) -> float:
    fitted, labels, units, _ = _competence(data, params)
    unit = index_of(list(units), first_of(params, ("unit", "item", "patient", "task", "subject")))
    return float(fitted.posterior[unit, index_of(labels, one_label(params))])


def _vote_share(data: Case, params: Case) -> float:
    rows = long_rows(data, params)
    _, labels = tally_of(data, params)
    unit = first_of(params, ("unit", "item", "task", "subject"))
    votes = [label for name, _, label in rows if str(name) == str(unit)]
    counts = np.bincount([index_of(labels, vote) for vote in votes], minlength=len(labels)).astype(float)
    smoothing = float(params.get("smoothing") or 0)
    return float(soft_labels.vote_shares(counts, smoothing=smoothing)[index_of(labels, one_label(params))])


def _set_distance(metric: str) -> Callable[[Case, Case], float]:
    def verb(data: Case, params: Case) -> float:
        pair = [as_set(_label(data[side])) for side in ("a", "b")]
        return float(set_distances(metric, pair, str(params.get("variant") or ""))[0, 1])

    return verb


def _label(given: Any) -> Any:
    return frozenset(given) if isinstance(given, list) else given


def _shares(data: Case) -> tuple[Floats, Floats]:
    """Two rows, or tables of rows, of shares: the target's and the prediction's."""
    for one, other in (("a", "b"), ("p", "q"), ("target", "predicted"), ("target", "prediction"), ("u", "v")):
        if one in data and other in data:
            first, second = (np.asarray(data[side], dtype=np.float64) for side in (one, other))
            if first.shape != second.shape or not first.size:
                raise ValueError("both have one share for each label")
            return first, second
    raise Unknown("soft labels that are neither a and b, p and q, nor target and predicted")


def _mean_of(measure: Callable[[Floats, Floats], Floats]) -> Callable[[Case, Case], float]:
    """Of one pair of soft labels, or the mean over rows."""

    def verb(data: Case, params: Case) -> float:
        return float(np.mean(measure(*_shares(data)))) / _base(params, 1.0)

    return verb


def _base(params: Case, natural: float) -> float:
    """What nats are divided by; `natural` where the case names no base."""
    if params.get("base") is None:
        return natural
    name = plain(str(params["base"]))
    if name not in BASES:
        raise Unknown(f"logarithms to the base {params['base']!r}")
    return BASES[name]


def _jensen_shannon(data: Case, params: Case) -> float:
    """In bits unless the case names a base."""
    bits = soft_labels.jensen_shannon(*_shares(data))
    return float(np.mean(bits)) * log(2) / _base(params, log(2))


def _jensen_shannon_distance(data: Case, params: Case) -> float:
    bits = soft_labels.jensen_shannon(*_shares(data))
    return float(np.mean(np.sqrt(bits))) * sqrt(log(2) / _base(params, log(2)))


def _entropy(data: Case, params: Case) -> float:
    """H of shares or votes: in nats, or to a base; `normalized` divides by log q."""
    given = first_of(data, ("shares", "p", "probabilities", "counts", "votes", "distribution"))
    if given is None:
        raise Unknown("an entropy without shares or counts")
    counts = np.asarray(given, dtype=np.float64)
    shares = counts / counts.sum(axis=-1, keepdims=True)
    if params.get("normalized") or params.get("normalised"):
        return float(np.mean(soft_labels.entropy(shares)))
    return float(np.mean(soft_labels.entropy(shares))) * log(shares.shape[-1]) / _base(params, 1.0)


def _normalized_entropy(data: Case, params: Case) -> float:
    return _entropy(data, {**params, "normalized": True})


MODELS = {
    "dawid_skene_class_marginal": _class_marginal,
    "dawid_skene_error_rate": _error_rate,
    "dawid_skene_accuracy": _accuracy,
    "dawid_skene_posterior": _posterior,
    "vote_share": _vote_share,
    "masi_distance": _set_distance("masi"),
    "jaccard_distance": _set_distance("jaccard"),
    "passonneau_2004_distance": _set_distance("passonneau_2004"),
    "masi_similarity": lambda data, params: 1 - _set_distance("masi")(data, params),
    "jaccard_similarity": lambda data, params: 1 - _set_distance("jaccard")(data, params),
    "jensen_shannon_divergence": _jensen_shannon,
    "jensen_shannon_distance": _jensen_shannon_distance,
    "kullback_leibler": _mean_of(soft_labels.relative_entropy),
    "cross_entropy": _mean_of(soft_labels.cross_entropy),
    "manhattan_distance": _mean_of(soft_labels.manhattan),
    "euclidean_distance": _mean_of(soft_labels.euclidean),
    "wasserstein_distance": _mean_of(soft_labels.wasserstein),
    "normalized_match_distance": _mean_of(soft_labels.normalized_match),
    "entropy": _entropy,
    "normalized_entropy": _normalized_entropy,
}
