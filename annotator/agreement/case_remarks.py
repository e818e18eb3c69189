"""What a remark in parentheses says of a coefficient's name: a statistic, a family, or nothing that matters.

A remark that may matter and is not understood spoils the name: to ignore it would be to compute another
coefficient.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

#: Families by other words, pairs of authors among them (Cicchetti & Allison 1971; Fleiss & Cohen 1973).
FORMS = {
    "linearly": "linear",
    "quadratically": "quadratic",
    "cicchetti_allison": "linear",
    "fleiss_cohen": "quadratic",
    "no_weights": "unweighted",
    "without_weights": "unweighted",
    "not_weighted": "unweighted",
}
#: Families that change nothing.
PLAIN = ("unweighted", "nominal", "identity")
#: Words that say that labels are weighed, but not how.
WEIGHING = (
    "weights",
    "weight",
    "weighted",
    "weighting",
    "metric",
    "distance",
    "distances",
    "difference",
    "delta",
)
LEVELS = ("data", "level", "measurement", "scale", "scaled")
#: Words that go with a family and carry no meaning by themselves.
BESIDE = (*WEIGHING, *LEVELS, "function", "labels", "categories", "values")
#: Words that go with a statistic; the only level of confidence a remark may name is the usual one.
AROUND = (
    "bound", "limit", "value", "estimate", "of", "the", "for", "with", "by", "at", "and", "ci", "confidence", "95", "0",
    "percent", "interval",
)  # fmt: skip
#: Words of statistics that are not known, or not said which.
STATISTICAL = (
    "ci", "cis", "confidence", "error", "sd", "deviation", "bound", "limit", "bounds", "limits", "expected", "observed",
    "minimum", "min", "pvalue", "significance", "bootstrap", "bootstrapped", "jackknife", "median", "range",
)  # fmt: skip
#: Words that make another coefficient of a name.
CHANGING = (
    "free", "unlabelled", "unlabeled", "undirected", "overlap", "overlapping", "partial", "relaxed", "iou", "conger",
    "randolph",
)  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """The statistic and the family that a remark names, and whether it speaks of weights, a metric or a level."""

    statistic: str | None = None
    family: str | None = None
    kind: str | None = None


def understood(
    parts: Collection[str], statistics: Mapping[str, str], families: Collection[str]
) -> Remark | None:
    """What the remark's parts (plain words, between its commas) say; None where that may matter and is not known."""
    words = [word for part in parts for word in _formed(part).split("_") if word]
    statistic, rest = _statistic(words, statistics)
    named = list(dict.fromkeys(word for word in rest if word in families))
    if "confidence" in words and "interval" in named:
        named.remove("interval")
    if len(named) > 1 or _astray(words):
        return None
    family = named[0] if named else None
    if statistic is not None:
        beside = [word for word in rest if word not in (*named, *BESIDE, *AROUND)]
        beside += (
            []
            if statistic in ("low", "high")
            else [word for word in rest if word in ("ci", "confidence", "95")]
        )
        if beside:
            return None
    elif any(word in STATISTICAL for word in words) or _loose(parts, family):
        return None
    return Remark(statistic, family, _kind(rest))


def _kind(words: list[str]) -> str | None:
    if any(word.startswith("weight") for word in words):
        return "weights"
    if any(word in WEIGHING for word in words):
        return "metric"
    return "level" if any(word in LEVELS for word in words) else None


def _formed(part: str) -> str:
    for form, family in FORMS.items():
        part = re.sub(rf"(?<![a-z]){form}(?![a-z])", family, part)
    return part


def _statistic(words: list[str], statistics: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """The statistic named by the longest run of words, and the words without it."""
    for name, statistic in sorted(statistics.items(), key=lambda item: -len(item[0])):
        run = name.split("_")
        for at in range(len(words) - len(run) + 1):
            if words[at : at + len(run)] == run:
                return statistic, words[:at] + words[at + len(run) :]
    return None, words


def _astray(words: list[str]) -> bool:
    """A chance that nothing is corrected for, a p-value, or a word that makes another coefficient."""
    corrected = any(word in ("corrected", "adjusted", "correction") for word in words)
    chance = "chance" in words and not corrected and "agreement" not in words
    return chance or words in (["p"], ["p", "value"]) or any(word in CHANGING for word in words)


def _loose(parts: Collection[str], family: str | None) -> bool:
    """A family beside words that are not understood, and no word of weighing among them."""
    if family is None or family in PLAIN:
        return False
    words = next(found for part in parts if family in (found := _formed(part).split("_")))
    beside = [word for word in words if word != family]
    return not all(word in BESIDE for word in beside) and not any(word in WEIGHING for word in beside)
