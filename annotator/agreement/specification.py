"""What an agreement report is asked to be about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

CANDIDATES = ("document", "paragraph")
METRICS = ("nominal", "ordinal", "interval", "ratio")
INTERVALS = ("bootstrap", "jackknife", "auto")
LAYERS = ("stance", "role", "document", "relation")


class SeveralTargets(ValueError):
    """Stances toward different targets are different questions: one report is about one target."""

    def __init__(self, targets: tuple[str, ...]) -> None:
        self.targets = targets
        super().__init__("name one target of: " + ", ".join(targets))


@dataclass(frozen=True)
class Specification:
    """Which readings enter a report, which of their judgements, and how its intervals are made.

    `target` None means the only one; `targetless` lets spans that name no target belong to it.
    `annotators`, `documents`, `labels` and `guidelines` (versions) None mean all. `since` and `until`
    bound the time of submission: ISO 8601 in UTC, from the first, before the second. `group` restricts
    the layer `document` to one question, whose labels may have another metric than nominal. `gamma` is
    computed only when asked (it samples random continua), for at most `gamma_seconds` a document.
    `candidates` says which pairs of spans a relation might join: any of a document, or of a paragraph.
    """

    layer: str = "stance"
    target: str | None = None
    targetless: bool = False
    group: str | None = None
    annotators: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    guidelines: tuple[int, ...] | None = None
    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ("human", "imported")
    states: tuple[str, ...] = ("submitted", "accepted")
    resamples: int = 1000
    seed: int = 2026
    level: float = 0.95
    interval: str = "bootstrap"
    metric: str = "nominal"
    gamma: bool = False
    gamma_seconds: float = 10.0
    candidates: str = "document"

    def __post_init__(self) -> None:
        if self.layer not in LAYERS:
            raise ValueError(f"the layer is one of {', '.join(LAYERS)}, not {self.layer!r}")
        if self.interval not in INTERVALS:
            raise ValueError(f"the interval is bootstrap, jackknife or auto, not {self.interval!r}")
        if self.metric not in METRICS:
            raise ValueError(f"the metric is one of {', '.join(METRICS)}, not {self.metric!r}")
        if self.candidates not in CANDIDATES:
            raise ValueError(f"candidates are those of a document or a paragraph, not {self.candidates!r}")
        if not 0 < self.level < 1:
            raise ValueError("the level lies between 0 and 1")
        if self.resamples < 0:
            raise ValueError("the number of resamples is not negative")
        if self.seed < 0:
            raise ValueError("the seed is not negative")

    def resolved(self, scheme: Mapping[str, Any] | None) -> Specification:
        """The same question with the scheme's only target filled in; SeveralTargets if there is a choice."""
        if self.layer != "stance" or scheme is None:
            return self
        targets = tuple(str(target["slug"]) for target in scheme.get("targets") or ())
        if len(targets) == 1 and self.target in (None, targets[0]):
            return replace(self, target=targets[0], targetless=True)
        if len(targets) > 1 and self.target is None:
            raise SeveralTargets(targets)
        return self

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, to be kept in a row; `from_dict` reads them back."""
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Specification:
        """The specification of `as_dict`; unknown keys are refused."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"a specification has no {', '.join(sorted(unknown))}")
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**plain)
