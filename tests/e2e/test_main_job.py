"""The main job from end to end, on a real text from outside the demo.

A manager sets a study up, three annotators label and submit, agreement is computed, the reviewer accepts in the admin,
and the export is downloaded: for every fragment of every span the text between its offsets is what was labelled.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, People
from tests.e2e.marking import Marked, check_quotes, data_of, mark, saved, submit

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
P = "/projects/peer-review/"
READERS = {"noor": "A1", "tomas": "A2", "lien": "A3"}


def real_text() -> str:
    """A published peer review with its answers (CC BY, MDPI), as it stands in the corpus."""
    corpus = (ROOT / "fixtures/agreement/mdpi.jsonl").read_text(encoding="utf-8")
    return str(json.loads(corpus.split("\n")[0])["text"])


TEXT = real_text()
SENTENCES = [
    sentence for sentence in re.findall(r"[A-Z][^.?!;:/]{40,160}\.", TEXT) if TEXT.count(sentence) == 1
][:6]
# What each marks: boundaries, labels and missed claims differ, as they do between people.
PLANS: dict[str, list[tuple[str, str]]] = {
    "noor": [(SENTENCES[0], "1c"), (SENTENCES[1], "2c"), (SENTENCES[2], "3p"), (SENTENCES[4], "2")],
    "tomas": [(SENTENCES[0], "1c"), (SENTENCES[1], "3c"), (SENTENCES[2][:-1], "3p"), (SENTENCES[4], "2")],
    "lien": [(SENTENCES[0], "1c"), (SENTENCES[2], "3p"), (SENTENCES[4], "2p")],
}


def test_the_main_job(people: People, tmp_path: Path) -> None:
    manager = people.arrive("ines")
    create_project(manager)
    add_people(manager)
    upload(manager, tmp_path)
    marked = {name: label_and_submit(people, name) for name in READERS}
    read_agreement(manager)
    accept_in_admin(people)
    documents = download(manager, tmp_path)
    check(documents, marked)


def create_project(page: Page) -> None:
    page.goto("/projects/new/")
    page.get_by_label("Name").first.fill("Peer review")
    page.get_by_label("Address").fill("peer-review")
    page.get_by_role("button", name="Make the project").click()
    page.wait_for_url(f"**{P}**")


def add_people(page: Page) -> None:
    for username, alias, role in [
        *((name, alias, "Annotator") for name, alias in READERS.items()),
        ("okello", "R1", "Reviewer"),
    ]:
        page.goto(f"{P}members/")
        form = page.locator("form", has=page.get_by_role("button", name="Add", exact=True))
        form.get_by_label("Username").fill(username)
        form.get_by_label("Alias").fill(alias)
        form.get_by_label("Role").select_option(label=role)
        form.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("table")).to_contain_text(username)


def upload(page: Page, folder: Path) -> None:
    file = folder / "review.txt"
    file.write_bytes(TEXT.encode())
    page.goto(f"{P}imports/")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="Upload and look").click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    page.get_by_role("button", name=re.compile("^(Take|Apply|Import|Add)")).click(timeout=20_000)
    expect(page.locator("main")).to_contain_text("Taken over", timeout=20_000)
    page.goto(f"{P}documents/")
    expect(page.locator("main")).to_contain_text("review")


def label_and_submit(people: People, name: str) -> list[Marked]:
    page = people.arrive(name)
    page.goto(f"{P}label/")
    page.wait_for_selector("main#label")
    assert data_of(page)["spans"] == [], "nobody sees what others marked"
    marked = [mark(page, quote, keys) for quote, keys in PLANS[name]]
    check_quotes(data_of(page), marked)
    saved(page)
    submit(page)
    return marked


def read_agreement(page: Page) -> None:
    page.goto(f"{P}agreement/")
    page.get_by_role("button", name="Compute").click()
    page.wait_for_url(re.compile(r"/agreement/\d+/"))
    expect(page.locator("main")).to_contain_text(re.compile(r"\.\d\d"), timeout=30_000)
    report = page.request.get(page.url.replace(P, f"/api/v1{P}")).json()
    figures = {
        figure["name"]: figure
        for figure in report["figures"]
        if figure["label"] is None and figure["pair"] is None
    }
    assert report["documents"] == 1
    assert report["sets"] == 3
    assert 0 < figures["u_alpha"]["value"] < 1


def accept_in_admin(people: People) -> None:
    page = people.arrive("okello")
    page.goto("/admin/annotations/annotationset/?state__exact=submitted")
    page.locator("tr", has_text="A1").locator("th a").first.click()
    expect(page.locator("main, #content").first).to_contain_text(SENTENCES[0])
    page.goto("/admin/annotations/annotationset/?state__exact=submitted")
    rows = page.locator("tr", has_text="Peer review")
    for row in range(rows.count()):
        rows.nth(row).locator("input.action-select").check()
    page.locator("select[name=action]").select_option("accept")
    page.get_by_role("button", name=re.compile("Go|Run")).click()
    expect(page.locator(".messagelist")).to_contain_text(re.compile("3"))


def download(page: Page, folder: Path) -> list[dict[str, object]]:
    page.goto(f"{P}exports/")
    page.get_by_role("button", name="Export", exact=True).click()
    link = page.get_by_role("link", name=re.compile("^Download")).first
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as downloading:
        link.click()
    file = folder / "export.jsonl"
    downloading.value.save_as(str(file))
    return [json.loads(line) for line in file.read_bytes().decode().split("\n") if line]


def check(documents: list[dict[str, object]], marked: dict[str, list[Marked]]) -> None:
    [document] = documents
    text = document["text"]
    assert text == TEXT
    sets = {one["annotator"]: one for one in document["sets"]}  # type: ignore[attr-defined]
    assert {one["state"] for one in sets.values()} == {"accepted"}
    for name, alias in READERS.items():
        spans = sets[alias]["spans"]
        for span in spans:
            assert " ".join(TEXT[start:end] for start, end in span["fragments"]) == span["quote"]
        assert sorted(span["quote"] for span in spans) == sorted(one.quote for one in marked[name])
