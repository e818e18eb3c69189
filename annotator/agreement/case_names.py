"""What a published case calls a coefficient: spellings, and the parts a name is made of.

A name may hold a statistic (`_se`, `_pe`, ...) and a family of weights or distances (`quadratic_...`,
`..._ordinal`); what is left must be a known coefficient, else nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from annotator.agreement.case_remarks import understood
from annotator.agreement.case_synonyms import MEANS

#: Greek letters and signs that stand in names.
LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "π": "pi", "σ": "sigma",
    "|": "bar ", "%": " percent ", "₁": "1", "₂": "2",
}  # fmt: skip

#: Statistics of a coefficient, by the words that name them; longer ones are tried first.
STATISTICS = {
    "se": ("se", "standard_error", "std_error", "stderr", "ase", "coeff_se", "asymptotic_standard_error"),
    "se_null": ("se0", "se_null", "std_kappa0", "null_se", "se_h0", "standard_error_null"),
    "variance": ("variance", "var"),
    "variance_null": ("variance_null", "var0", "var_kappa0", "null_variance"),
    "z": ("z", "z_value", "z_score"),
    "low": ("ci_low", "ci_lower", "lower_ci", "ci_lower_bound", "lower_bound", "kappa_low", "lcb", "lower", "ci95_low"),
    "high": ("ci_high", "ci_upper", "upper_ci", "ci_upper_bound", "upper_bound", "kappa_upp", "ucb", "upper", "ci95_high"),
    "po": ("po", "pa", "observed_agreement", "ao", "actual_agreement"),
    "pe": ("pe", "expected_agreement", "chance_agreement", "ae"),
    "do": ("do", "observed_disagreement"),
    "de": ("de", "expected_disagreement"),
    "max": ("max", "maximum", "ceiling"),
    "label": ("per_category", "per_label", "category", "for_label", "for_category", "by_category", "category_specific"),
}  # fmt: skip

#: Families of weights and metrics that a name may carry.
FAMILIES = (
    "unweighted", "nominal", "ordinal", "interval", "ratio", "circular", "bipolar", "linear", "quadratic",
    "radical", "squared", "masi", "jaccard", "custom", "identity",
)  # fmt: skip

_BY_WORDS = {words: statistic for statistic, names in STATISTICS.items() for words in names}
_LONGEST_FIRST = sorted(_BY_WORDS.items(), key=lambda item: -len(item[0]))


@dataclass(frozen=True)
class Name:
    """A coefficient, the statistic of it that is asked for, and the family its name carries.

    `kind` is what a remark speaks of: weights, a metric, or the level of the data.
    """

    coefficient: str
    statistic: str | None = None
    family: str | None = None
    kind: str | None = None


def statistic_named(text: str) -> str | None:
    """The statistic that a name stands for which names no coefficient."""
    return _BY_WORDS.get(plain(text))


def plain(text: str) -> str:
    """Small letters, figures and single underscores; possessives, accents and Greek letters resolved."""
    for letter, word in LETTERS.items():
        text = text.replace(letter, word)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(mark for mark in text if not unicodedata.combining(mark)).lower()
    text = re.sub(r"['’`´]s?\b", "", text)
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def parsed(text: str, known: Collection[str]) -> Name | None:
    """The name in its parts, the longest known coefficient first; None if no coefficient is left.

    None too where a remark in parentheses may matter and is not understood.
    """
    whole = _named(plain(text), known)
    bare, *inside = re.split(r"\s\(", text, maxsplit=1)
    if whole is not None or not inside:
        return whole
    found = _named(plain(bare), known)
    parts = [plain(part) for part in re.split(r"[,;:()]", inside[0])]
    remark = understood([part for part in parts if part], _BY_WORDS, FAMILIES)
    if found is None or remark is None or _means_another(found.coefficient, parts, known):
        return None
    if None not in (found.statistic, remark.statistic) or len({found.family, remark.family} - {None}) > 1:
        return None
    return Name(
        found.coefficient,
        found.statistic or remark.statistic,
        found.family or remark.family,
        remark.kind,
    )


def _named(name: str, known: Collection[str]) -> Name | None:
    return next(filter(None, (_parts(one, known) for one in (name, *_without_filler(name)))), None)


def _means_another(coefficient: str, parts: Collection[str], known: Collection[str]) -> bool:
    """A part of the remark is the name of another coefficient, or makes it one ("exact" that of Conger)."""
    own = MEANS.get(coefficient, coefficient)
    named = [part for part in parts if not set(part.split("_")) & set(FAMILIES)]
    others = {MEANS.get(part, part) for part in named if part in known}
    exact = own.startswith("fleiss") and any("exact" in part.split("_") for part in parts)
    return exact or bool(others - {own})


def _parts(name: str, known: Collection[str]) -> Name | None:
    """The statistic is taken off first, so that a family before or after it is found too."""
    if name in known:
        return Name(name)
    for words, statistic in [*_LONGEST_FIRST, (None, None)]:
        rest = name if words is None else _removed(name, words)
        if rest in known:
            return Name(rest, statistic)
        for family in FAMILIES if rest else ():
            bare = _removed(rest, family)
            if bare in known:
                return Name(bare, statistic, family)
            found = _statistic_of(bare, known) if statistic is None else None
            if found is not None:
                return Name(found.coefficient, found.statistic, family)
    return None


def _statistic_of(name: str, known: Collection[str]) -> Name | None:
    for words, statistic in _LONGEST_FIRST:
        rest = _removed(name, words)
        if rest in known:
            return Name(rest, statistic)
    return None


def _removed(name: str, words: str) -> str:
    """The name without the words at its start or its end; "" if they are at neither."""
    for joint in ("_of_", "_for_", "_"):
        if name.startswith(words + joint):
            return name[len(words + joint) :]
    return name[: -len(words) - 1] if name.endswith("_" + words) else ""


def _without_filler(name: str) -> list[str]:
    """The same without words that change no meaning."""
    words = [
        word for word in name.split("_") if word not in ("coefficient", "statistic", "score", "the", "of")
    ]
    return ["_".join(words)]
