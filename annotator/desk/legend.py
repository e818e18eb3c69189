"""How labels look at the desk: the same letters, patterns and shapes as on the labelling page."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.projects.models import Label
from annotator.projects.scheme import Scheme

PATTERNS = 6


@dataclass(frozen=True)
class Sign:
    """A label as it is drawn: a stance by letter, hue and pattern, a role by its shape."""

    name: str
    letter: str
    hue: str
    place: int


def signs(scheme: Scheme, kind: str) -> dict[str, Sign]:
    """The signs of one kind of label by slug, in the scheme's order."""
    labels = [label for label in scheme.labels if label.kind == kind]
    drawn = zip(labels, letters_of(labels), strict=True)
    return {
        label.slug: Sign(label.name, letter, label.color, place % PATTERNS)
        for place, (label, letter) in enumerate(drawn)
    }


def letters_of(labels: Iterable[Label]) -> list[str]:
    """One letter a label: its name's first that no other has, else its number."""
    taken: list[str] = []
    for number, label in enumerate(labels, start=1):
        fresh = (letter for letter in label.name.upper() if letter.isalpha() and letter not in taken)
        taken.append(next(fresh, str(number)))
    return taken
