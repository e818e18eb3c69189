"""The u-alpha family: agreement on where units lie and what they are called.

Krippendorff, Mathet, Bouvry & Widlöcher (2016), "On the reliability of unitizing textual continua",
Quality & Quantity 50, 2347-2364, and its erratum 50, 2365. Every function takes arrays whose leading
axes are free (documents, resamples), so a bootstrap is the same call on more rows. Label 0 is the gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotator.agreement.continua import Floats

TINY = 1e-12


@dataclass(frozen=True)
class Ratio:
    """Numerators and denominators of a coefficient; where the denominator vanishes there is no value."""

    numerator: Floats
    denominator: Floats

    @property
    def defined(self) -> np.ndarray:
        """Where the coefficient has a value."""
        scale = np.maximum(np.abs(self.numerator), 1.0)
        finite = np.isfinite(self.numerator) & np.isfinite(self.denominator)
        return finite & (np.abs(self.denominator) > TINY * scale)

    @property
    def share(self) -> Floats:
        """numerator / denominator, nan where undefined."""
        safe = np.where(self.defined, self.denominator, 1.0)
        return np.where(self.defined, self.numerator / safe, np.nan)

    @property
    def agreement(self) -> Floats:
        """1 - numerator / denominator, nan where undefined."""
        return 1.0 - self.share


@dataclass(frozen=True)
class Coincidences:
    """What u-alpha is computed from (labels q, gap first).

    `observed` (..., q+1, q+1): l_ck; `square` (..., q+1): S_c, lengths of units squared, of gaps not;
    `star` (..., q): S*_c, squares of what other annotators covered of each unit.
    """

    observed: Floats
    square: Floats
    star: Floats


@dataclass(frozen=True)
class OwnContinua:
    """Each label against everything else (labels q): shared and all length, squares, whole length."""

    same: Floats
    mass: Floats
    square: Floats
    total: Floats


def summed(parts: Coincidences) -> Coincidences:
    """The coincidences of a corpus from those of its documents (first axis)."""
    return Coincidences(parts.observed.sum(axis=0), parts.square.sum(axis=0), parts.star.sum(axis=0))


def u_alpha(parts: Coincidences) -> Ratio:
    """Agreement on units and labels together: eq. 1 with the expectation of eq. 6."""
    total = parts.observed.sum(axis=(-1, -2))
    agreed = np.trace(parts.observed, axis1=-2, axis2=-1)
    expected = np.trace(_expected(parts), axis1=-2, axis2=-1)
    return Ratio(total - agreed, _cleared(total - expected, total))


def bar_u_alpha(parts: Coincidences) -> Ratio:
    """|u-alpha: agreement on where units lie, whatever they are called."""
    expected = _expected(parts)
    gap = parts.observed[..., 0, :].sum(axis=-1)
    observed = gap - parts.observed[..., 0, 0]
    return Ratio(observed, _cleared(expected[..., 0, 1:].sum(axis=-1), gap))


def cu_alpha(parts: Coincidences, distance: Floats | None = None) -> Ratio:
    """Agreement on labels where two annotators marked something, nominal unless a distance is given."""
    joint = parts.observed[..., 1:, 1:]
    apart = 1 - np.eye(joint.shape[-1]) if distance is None else distance
    chance = (_expected_joint(parts) * apart).sum(axis=(-1, -2))
    total = joint.sum(axis=(-1, -2)) * apart.max(initial=0.0)
    return Ratio((joint * apart).sum(axis=(-1, -2)), _cleared(chance, total))


def cu_coverage(parts: Coincidences) -> Ratio:
    """The share of everything that cu-alpha speaks about: l*.. / l.. ."""
    return Ratio(parts.observed[..., 1:, 1:].sum(axis=(-1, -2)), parts.observed.sum(axis=(-1, -2)))


def ku_alpha(parts: Coincidences, distance: Floats | None = None) -> Ratio:
    """(k)u-alpha of every label, on the last axis: how well label k is told from the other labels."""
    joint, expected = parts.observed[..., 1:, 1:], _expected_joint(parts)
    apart = 1 - np.eye(joint.shape[-1]) if distance is None else distance
    rows, expected_rows = joint.sum(axis=-1), expected.sum(axis=-1)
    observed = _over((joint * apart).sum(axis=-1), rows)
    chance = _cleared((expected * apart).sum(axis=-1), expected_rows * apart.max(initial=0.0))
    return Ratio(observed, _over(chance, expected_rows))


def ku_coverage(parts: Coincidences) -> Ratio:
    """The share of label k's length where somebody else marked something too: l*_k. / l_k. ."""
    return Ratio(parts.observed[..., 1:, 1:].sum(axis=-1), parts.observed[..., 1:, :].sum(axis=-1))


def label_u_alpha(parts: OwnContinua) -> Ratio:
    """u-alpha of each label against the rest on its own continuum, on the last axis."""
    total = parts.total[..., None]
    rest, rest_square = total - parts.mass, total - parts.mass
    free = total**2 - parts.square - rest_square
    safe = np.where(free > 0, free, 1.0)
    marked = total * (parts.mass**2 - parts.square) / safe
    unmarked = total * (rest**2 - rest_square) / safe
    return Ratio(2 * (parts.mass - parts.same), _cleared(total - marked - unmarked, total))


def pooled_label_u_alpha(parts: OwnContinua) -> Ratio:
    """All labels, each on its own continuum: disagreements are summed before they are divided."""
    each = label_u_alpha(parts)
    return Ratio(each.numerator.sum(axis=-1), each.denominator.sum(axis=-1))


def _expected(parts: Coincidences) -> Floats:
    """eps_ck: two units are drawn without replacement; a gap counts as single characters."""
    total = parts.observed.sum(axis=(-1, -2))
    free = total**2 - parts.square.sum(axis=-1)
    rows = parts.observed.sum(axis=-1)
    products = rows[..., :, None] * rows[..., None, :] - _on_diagonal(parts.square)
    expected: Floats = products * (total / np.where(free > 0, free, 1.0))[..., None, None]
    return expected


def _expected_joint(parts: Coincidences) -> Floats:
    """eps*_ck: the same among what two annotators marked; nan where one unit leaves nothing else to draw.

    With very few units and more than two annotators numerator and denominator may both be negative.
    """
    joint = parts.observed[..., 1:, 1:]
    rows, total = joint.sum(axis=-1), joint.sum(axis=(-1, -2))
    free = total - _over(parts.star.sum(axis=-1), total)
    products = rows[..., :, None] * rows[..., None, :] - _on_diagonal(parts.star)
    free = np.where(np.abs(free) > TINY * np.maximum(total, 1.0), free, np.nan)
    expected: Floats = products / free[..., None, None]
    return expected


def _cleared(value: Floats, scale: Floats) -> Floats:
    """The value, and exactly 0 where it is only what rounding left of `scale`."""
    return np.where(np.abs(value) <= TINY * np.maximum(np.abs(scale), 1.0), 0.0, value)


def _over(value: Floats, divisor: Floats) -> Floats:
    return np.where(divisor != 0, value / np.where(divisor != 0, divisor, 1.0), 0.0)


def _on_diagonal(values: Floats) -> Floats:
    return values[..., :, None] * np.eye(values.shape[-1])
