"""Texts of every kind are labelled in the browser at the right code points."""

import pytest

from tests.e2e.conftest import People
from tests.e2e.marking import check_quotes, data_of, mark, post, submit

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
P = "/api/v1/projects/scripts/"
# external id -> the text, and what is marked in it
TEXTS = {
    "emoji": (
        "👩‍👩‍👧 families 😊 agree. But 🇺🇸 law is law 👩🏽‍⚖️, they say.",
        ["families 😊 agree.", "law is law 👩🏽‍⚖️"],
    ),
    "crlf": (
        "First line.\r\nSecond line stands.\r\n\r\nThird\rFourth\nends.",
        ["Second line stands.", "Fourth"],
    ),
    "combining": (
        "Cafe\u0301 owners a\u0308gree; the tow\u0302n does not.",
        ["owners a\u0308gree", "tow\u0302n"],
    ),
    "arabic": ("قال العمدة إن المدينة آمنة. وقال الشريف غير ذلك.", ["المدينة آمنة", "الشريف"]),
    "hebrew and english": ("The mayor said: «העיר בטוחה יותר» and left.", ["העיר בטוחה", "and left"]),
    "double spaces": (
        "Two  spaces   and\ttabs   stay  as they  are.",
        ["spaces   and", "stay  as they  are."],
    ),
    "markup": (
        "<b>Cities</b> &amp; <script>alert('x')</script> are safer </p> now.",
        ["alert('x')", "are safer </p>"],
    ),
    "chinese": ("市长说这座城市更安全。警长不同意。𠮷野家也在那里。", ["这座城市更安全", "𠮷野家"]),
}


def test_every_script_is_marked_where_it_is_seen(people: People) -> None:
    manager = people.arrive("ines")
    manager.goto("/")
    post(
        manager,
        "/api/v1/projects/",
        {"slug": "scripts", "name": "Scripts", "template": "sanctuary-stance", "readers_per_document": 1},
    )
    post(manager, f"{P}memberships/", {"username": "noor", "alias": "A1", "role": "annotator"})
    for external_id, (text, _) in TEXTS.items():
        post(manager, f"{P}documents/", {"external_id": external_id, "text": text})
    page = people.arrive("noor")
    for _ in TEXTS:
        page.goto("/projects/scripts/label/")
        page.wait_for_selector("main#label")
        record = data_of(page)
        text, quotes = TEXTS[record["document"]["external_id"]]
        assert record["document"]["text"] == text
        marked = [mark(page, quote, "1") for quote in quotes]
        check_quotes(data_of(page), marked)
        submit(page)
