"""Texts as they are searched: without case, accents, and the many forms of one space, quotation mark or dash.

One code point becomes one code point, so that an offset into the folded text is an offset into the text.
"""

import unicodedata
from collections.abc import Iterator

ACCENTS = range(0x300, 0x370)
SAME = {
    "'": "‘’‚‛ʼ",
    '"': "“”„‟«»",
    "-": "‐‑‒–—―−",
}
# Each form is looked for by itself; of a long phrase only so many places are tried one by one.
MOST_JOINTS = 6
PLAIN = {other: plain for plain, others in SAME.items() for other in others}


class Folds(dict[int, str]):
    """What each code point becomes, worked out when it is met for the first time."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold_one(chr(code))
        return folded


def fold_one(letter: str) -> str:
    """The letter without case and accent; one that would become several stays one."""
    if letter.isspace():
        return " "
    if letter in PLAIN:
        return PLAIN[letter]
    small = letter.casefold()
    small = small if len(small) == 1 else letter.lower()[0]
    apart = unicodedata.normalize("NFD", small)
    accented = len(apart) > 1 and all(ord(mark) in ACCENTS for mark in apart[1:])
    return apart[0] if accented else small


FOLDS = Folds()


def fold(text: str) -> str:
    """The text as it is searched, as many code points long as it was."""
    return text.translate(FOLDS)


def forms(words: str) -> list[str]:
    """How what somebody typed may stand in a folded text: accents in the letters or after them, lines broken or not."""
    typed = [fold(unicodedata.normalize(form, words)) for form in ("NFC", "NFD")]
    return list(dict.fromkeys(spaced for each in typed for spaced in spacings(each)))


def spacings(phrase: str) -> Iterator[str]:
    """A phrase with one blank between its words; with two, as a line's end of two signs becomes, at one place or at all."""
    yield phrase
    words = phrase.split(" ")
    joints = range(1, len(words))
    for joint in joints[:MOST_JOINTS]:
        yield f"{' '.join(words[:joint])}  {' '.join(words[joint:])}"
    if len(joints) > 1:
        yield "  ".join(words)
