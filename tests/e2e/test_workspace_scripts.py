"""Whatever the script and wherever the mouse goes, the stored span is the text that was selected, by its code points."""

import random
import re
import unicodedata
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import People
from tests.e2e.marking import arrived, data_of, drag_over, ready, submit
from tests.e2e.studies import new_study

pytestmark = pytest.mark.browser
SEED = 20_240_226
CASES_A_TEXT = 3
# Words of many scripts, with what makes offsets go wrong: beyond the basic plane, combined, joined, right to left.
WORDS: dict[str, list[str]] = {
    "latin": ["harbour", "ordinance", "naïve", "Straße", "ﬁnal", "Ægir"],
    "combined": ["cafe\u0301", "a\u0308gree", "tow\u0302n", "n\u0303o", "Z\u0335\u0321algo"],
    "cyrillic and greek": ["город", "закон", "πόλη", "νόμος", "мэрия"],
    "hebrew": ["העיר", "בטוחה", "שָׁלוֹם", "חוק"],
    "arabic": ["المدينة", "آمنة", "قانون", "العمدة", "مَدِينَة"],
    "devanagari and tamil": ["शहर", "क़ानून", "क्षत्रिय", "நகரம்", "சட்டம்"],
    "thai and burmese": ["เมือง", "กฎหมาย", "ปลอดภัย", "မြို့", "ဥပဒေ"],
    "chinese and japanese": ["城市", "更安全", "𠮷野家", "法律", "まち", "カフェ"],
    "korean": ["도시", "안전", "하다", "법률"],
    "beyond the basic plane": ["𝒞𝒾𝓉𝓎", "𐍈𐌰𐌹", "𓀀𓁐", "𞤀𞤣𞤤𞤢𞤥", "𝟙𝟚𝟛"],
    "emoji": ["👩‍👩‍👧", "👩🏽‍⚖️", "🇺🇸", "😊", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
}
CLUSTERS = """
(text) => [...new Intl.Segmenter("en", {granularity: "grapheme"}).segment(text)].map(({segment}) => segment)
"""


@dataclass(frozen=True)
class Case:
    """A stretch of a text that begins and ends between what a reader sees as letters."""

    quote: str
    occurrence: int
    start: int


def test_what_is_selected_is_what_is_stored(people: People) -> None:
    chance = random.Random(SEED)
    texts = {name: made(chance, [*words]) for name, words in WORDS.items()}
    texts["all together"] = made(chance, [word for words in WORDS.values() for word in words])
    page = new_study(people, "every-script", texts)
    seen = set()
    for _ in texts:
        ready(page)
        record = data_of(page)
        text, name = record["document"]["text"], record["document"]["external_id"]
        assert text == texts[name]
        seen.add(name)
        for case in cases(page, chance, text):
            check(page, text, case)
        submit(page)
    assert seen == set(texts)


def made(chance: random.Random, words: list[str]) -> str:
    """Some lines of these words, with the white space and punctuation that texts have."""
    lines = [
        "".join(
            chance.choice(words) + chance.choice([" ", " ", ", ", ". ", "  ", "\t"])
            for _ in range(chance.randint(4, 9))
        )
        for _ in range(4)
    ]
    return chance.choice(["\n", "\r\n", "\n\n"]).join(lines)


def cases(page: Page, chance: random.Random, text: str) -> list[Case]:
    """Random stretches of one line that begin and end with a letter or a picture."""
    clusters = page.evaluate(CLUSTERS, text)
    starts = [0]
    for cluster in clusters:
        starts.append(starts[-1] + len(cluster))
    found: list[Case] = []
    while len(found) < CASES_A_TEXT:
        first = chance.randrange(len(clusters))
        last = min(len(clusters) - 1, first + chance.randint(1, 14))
        quote = text[starts[first] : starts[last + 1]]
        if all(map(has_direction, (clusters[first], clusters[last]))) and not re.search(r"[\r\n]", quote):
            found.append(Case(quote, occurrences_before(text, quote, starts[first]), starts[first]))
    return found


def has_direction(cluster: str) -> bool:
    """Which side of it comes first is plain: a letter or a picture, no white space, no punctuation."""
    return (
        unicodedata.bidirectional(cluster[0]) in ("L", "R", "AL") or unicodedata.category(cluster[0]) == "So"
    )


def occurrences_before(text: str, quote: str, start: int) -> int:
    return sum(text.startswith(quote, at) for at in range(start))


def check(page: Page, text: str, case: Case) -> None:
    drag_over(page, case.quote, case.occurrence)
    page.keyboard.press("1")
    arrived(page, case.quote, 1)
    [span] = data_of(page)["spans"]
    assert (span["start"], span["end"]) == (case.start, case.start + len(case.quote))
    assert text[span["start"] : span["end"]] == span["quote"] == case.quote
    page.keyboard.press("x")
    page.keyboard.press("Escape")
