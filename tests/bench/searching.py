"""How long finding takes: `python -m tests.bench.searching [DOCUMENTS]` (10,000 unless said) in an empty database.

Fills a study with documents of some 4,000 characters, two readings of ten spans on each, holders, notes and comments, and
asks for the list of documents, quick-open, the project's page and my work as a manager and as an annotator do: each six
times, the first one not counted, and the median of the other five said in milliseconds, answer and page together. Uses
DATABASE_URL where there is one, else SQLite in a folder of its own.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

WORDS = [
    "council", "clerk", "ordinance", "harbour", "witness", "letter", "budget", "café", "Málaga", "police", "school",
    "hearing", "neighbour", "church", "market", "reason", "safety", "trust", "cost", "law", "vote", "minutes", "street",
]  # fmt: skip
LENGTH, SPANS, READERS = 650, 10, 2
ROUNDS = 6
PAGES = {
    "the list": "documents/",
    "a common word": "documents/?q=council",
    "a rare word": "documents/?q=zanzibar",
    "a word that is nowhere": "documents/?q=nowhere-at-all",
    "a phrase": "documents/?q=%22police+school%22",
    "three words": "documents/?q=malaga+cafe+zanzibar",
    "a label": "documents/?q=nuanced",
    "a holder": "documents/?q=magistrate",
    "a rare word in annotations": "documents/?q=zanzibar&in=annotations",
    "a common word in annotations": "documents/?q=council&in=annotations",
    "what waits for a review": "documents/?state=review",
    "what nobody has read": "documents/?state=unread",
    "a label by one reader": "documents/?label=stance%3Anuanced&by=A1",
    "the project's page": "",
}
ELSEWHERE = {"my work": "/", "quick-open": "/api/v1/find/?q=minutes+77&project=bench"}


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    os.environ["ANNOTATOR_PROFILE"] = "test"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANNOTATOR_DATA"] = folder
        os.environ.setdefault("ANNOTATOR_SECRET_KEY", "x" * 50)
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        began = time.perf_counter()
        people = fill(documents)
        connection.cursor().execute("ANALYZE")  # what a database that has run for a minute has done
        print(f"{connection.vendor}: {documents:,} documents in {time.perf_counter() - began:.0f} s")
        for name, user in people.items():
            measure(name, user)


def fill(documents: int) -> dict[str, Any]:
    """The study, and who looks at it: its manager and one of its annotators."""
    from annotator.accounts.models import User
    from annotator.documents import texts
    from annotator.projects import members, studies

    chance = random.Random(7)
    manager = User.objects.create_user("manager")
    project = studies.create(actor=manager, slug="bench", name="Bench", template="sanctuary-stance")
    people = []
    for number in range(READERS):
        user = User.objects.create_user(f"reader{number}")
        people.append(
            members.add(project, actor=manager, alias=f"A{number}", role="annotator", username=user.username)
        )
    for first in range(0, documents, 500):
        news = [
            texts.NewDocument(f"d{n:05}", text(chance, n), title=f"Minutes {n}", language="en")
            for n in range(first, min(first + 500, documents))
        ]
        added = [document for document, _ in texts.add(project, news, actor=manager)]
        read(project, people, added, chance)
    return {"manager": manager, "annotator": people[0].user}


def text(chance: random.Random, number: int) -> str:
    words = chance.choices(WORDS, k=LENGTH)
    if number % 1000 == 7:
        words[LENGTH // 2] = "Zanzibar"
    return " ".join(words)


def read(project: Any, people: Any, documents: Any, chance: random.Random) -> None:
    """Half of the documents have two readings, the next quarter one."""
    from django.utils import timezone

    from annotator.annotations.models import AnnotationSet, Comment, Span

    now = timezone.now()
    labels = list(project.labels.filter(kind="stance"))
    claim = project.labels.filter(kind="role").first()
    holder, _ = project.holders.get_or_create(slug="magistrate", name="The magistrate")
    sets = [
        AnnotationSet(
            project=project, document=document, membership=person, state="submitted" if at % 3 else "open",
            submitted_at=now if at % 3 else None, lease_until=now + timedelta(hours=1),
        )
        for at, document in enumerate(documents)
        for person in people[: 2 - at % 4 // 2]
    ]  # fmt: skip
    AnnotationSet.objects.bulk_create(sets)
    spans = []
    for one in sets:
        for number in range(SPANS):
            start = chance.randrange(3000)
            spans.append(
                Span(
                    set=one, uid=uuid4(), fragments=[[start, start + 60]], start=start, end=start + 60,
                    stance=chance.choice(labels), role=claim, holder=holder if number == 0 else None,
                    note="see the letter" if chance.random() < 0.02 else "",
                )
            )  # fmt: skip
    Span.objects.bulk_create(spans, batch_size=2000)
    comments = [
        Comment(set=one, uid=uuid4(), author=one.membership, text="Is that so?") for one in sets[::20]
    ]
    Comment.objects.bulk_create(comments)


def measure(name: str, user: Any) -> None:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    addresses = {words: f"/projects/bench/{page}" for words, page in PAGES.items()} | ELSEWHERE
    for words, address in addresses.items():
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get(address)
            took.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (address, answer.status_code)
        print(f"{name:10} {words:30} {statistics.median(took[1:]):7.0f} ms")


if __name__ == "__main__":
    main()
