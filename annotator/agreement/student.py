"""Student's t with whole degrees of freedom."""

from __future__ import annotations

from math import atan, cos, pi, sin, sqrt


def student_quantile(level: float, freedom: int) -> float:
    """How many standard errors an interval of that level reaches to each side; by bisection."""
    low, high = 0.0, 1.0
    while _inside(high, freedom) < level:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < level else (low, middle)
    return (low + high) / 2


def _inside(limit: float, freedom: int) -> float:
    """P(|t| <= limit): the finite sums of Abramowitz & Stegun, 26.7.3 and 26.7.4."""
    angle = atan(limit / sqrt(freedom))
    square = cos(angle) ** 2
    term, total = (cos(angle), cos(angle)) if freedom % 2 else (1.0, 1.0)
    for step in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= square * (step - 1) / step
        total += term
    if freedom == 1:
        return 2 * angle / pi
    return 2 / pi * (angle + sin(angle) * total) if freedom % 2 else sin(angle) * total
