"""The coefficients of published cases on segmentations, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from annotator.agreement import segmentation
from annotator.agreement.case_data import Unknown
from annotator.agreement.case_kinds import first_of
from annotator.agreement.case_marks import masses_of, segment_lengths
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]
Verb = Callable[[Case, Case], Any]


def _n_t(params: Case) -> int:
    found = first_of(params, ("n_t", "nt", "n", "transposition_window", "max_near_miss"))
    return 2 if found is None else int(found)


def _of_pair(coefficient: Callable[..., Ratio]) -> Verb:
    """Of a pair of segmentations, or pooled over the pairs of a data set."""

    def verb(data: Case, params: Case) -> Any:
        if "items" in data:
            return segmentation.mean_pairwise(_items(data), lambda a, b: coefficient(a, b, n_t=_n_t(params)))
        return coefficient(masses_of(data, "a"), masses_of(data, "b"), n_t=_n_t(params))

    return verb


def _edits(part: Callable[[segmentation.Edits], int]) -> Verb:
    def verb(data: Case, params: Case) -> int:
        return part(segmentation.edits(masses_of(data, "a"), masses_of(data, "b"), n_t=_n_t(params)))

    return verb


def _items(data: Case) -> dict[str, dict[str, list[int]]]:
    if not isinstance(data.get("items"), Mapping):
        raise Unknown("segmentations that are not given with the case")
    return {
        str(item): {str(coder): segment_lengths(masses, data) for coder, masses in coders.items()}
        for item, coders in data["items"].items()
    }


def _of_items(coefficient: Callable[..., Any]) -> Verb:
    def verb(data: Case, params: Case) -> Any:
        items = _items(data) if "items" in data else {"1": {s: masses_of(data, s) for s in "ab"}}
        return coefficient(items, n_t=_n_t(params))

    return verb


def _window(metric: Callable[..., float]) -> Callable[[Case, Case], float]:
    def verb(data: Case, params: Case) -> float:
        size = first_of(params, ("k", "window", "window_size"))
        value = metric(masses_of(data, "a"), masses_of(data, "b"), window=size)
        return 1 - value if params.get("one_minus") else value

    return verb


def _window_difference(data: Case, params: Case) -> float:
    """WindowDiff; segeval divides by one window more where it pads both ends."""
    as_segeval = bool(params.get("lamprier_et_al_2007_fix"))
    padded = as_segeval or bool(first_of(params, ("padded", "lamprier")))

    def metric(a: segmentation.Masses, b: segmentation.Masses, window: int | None) -> float:
        value = segmentation.window_difference(a, b, window=window, padded=padded)
        windows = sum(a) + (segmentation.window_size(a) if window is None else window)
        return value * windows / (windows + 1) if as_segeval else value

    return _window(metric)(data, params)


def _bias(items: segmentation.Dataset, *, n_t: int) -> float:
    """As segeval has it; no near miss enters chance."""
    return segmentation.annotator_bias(items, each_item=True)


SEGMENTS = {
    "boundary_similarity": _of_pair(segmentation.boundary_similarity),
    "segmentation_similarity": _of_pair(segmentation.segmentation_similarity),
    "boundary_edit_matches": _edits(lambda found: found.matches),
    "boundary_edit_additions": _edits(lambda found: found.additions),
    "boundary_edit_transpositions": _edits(lambda found: len(found.transpositions)),
    "boundary_edit_distance": _edits(lambda found: found.additions + len(found.transpositions)),
    "segeval_actual_agreement": _of_items(segmentation.actual_agreement),
    "segeval_fleiss_kappa": _of_items(segmentation.fleiss_kappa),
    "segeval_fleiss_pi": _of_items(partial(segmentation.fleiss_pi, each_item=True)),
    "boundary_pi": _of_items(segmentation.fleiss_pi),
    "segeval_bias": _of_items(_bias),
    "window_difference": _window_difference,
    "p_k": _window(segmentation.p_k),
}
