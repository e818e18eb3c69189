"""Times the whole agreement report in PostgreSQL: `python -m tests.bench.whole_report [documents] [annotators] [spans]`.

From the request to the page: documents with their readings are put in, the job is run in this process as a worker would
run it, and the page is fetched. The shares of reading rows, computing parts, adding up and writing are printed.
"""

import os
import random
import resource
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tests.launch import services

LENGTH = 5_000


def main(documents: int, annotators: int, spans: int) -> None:
    with services.postgres() as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": url, "ANNOTATOR_PROFILE": "test", "ANNOTATOR_DATA": folder}
        os.environ.pop("REDIS_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        membership = fill(documents, annotators, spans)
        measure(membership)


def fill(documents: int, annotators: int, spans: int) -> Any:
    """A study with so many documents, read by all annotators, whose spans differ a little; its manager's membership."""
    from django.utils import timezone

    from annotator.accounts.models import User
    from annotator.annotations.models import AnnotationSet, Span
    from annotator.documents import texts
    from annotator.projects import members, scheme, studies
    from annotator.projects.models import Membership

    chance = random.Random(1)
    manager = User.objects.create_user("manager")
    project = studies.create(actor=manager, slug="bench", name="Bench", template="sanctuary-stance")
    readers = []
    for number in range(annotators):
        User.objects.create_user(f"reader{number}")
        readers.append(
            members.add(
                project, actor=manager, alias=f"A{number}", role="annotator", username=f"reader{number}"
            )
        )
    news = [texts.NewDocument(f"d{number:05}", "word " * (LENGTH // 5)) for number in range(documents)]
    added = [document for document, _ in texts.add(project, news, actor=manager)]
    project.refresh_from_db()
    stances = [key for (kind, _, _), key in scheme.of(project).label_ids.items() if kind == "stance"][:3]
    now = timezone.now()
    sets = AnnotationSet.objects.bulk_create(
        [
            AnnotationSet(
                project=project, document=document, membership=reader, state="submitted", submitted_at=now
            )
            for document in added
            for reader in readers
        ],
        batch_size=1000,
    )
    step = LENGTH // spans
    rows = []
    for one in sets:
        for place in range(spans):
            if chance.random() < 0.1:
                continue
            start = place * step + chance.randint(0, step // 5)
            end = min(start + step // 2 + chance.randint(0, step // 5), LENGTH)
            stance = stances[place % 3] if chance.random() < 0.8 else chance.choice(stances)
            rows.append(
                Span(
                    set=one,
                    uid=uuid.uuid4(),
                    fragments=[[start, end]],
                    start=start,
                    end=end,
                    stance_id=stance,
                )
            )
    Span.objects.bulk_create(rows, batch_size=2000)
    print(f"{len(added)} documents, {len(sets)} readings, {len(rows)} spans")
    return Membership.objects.select_related("project").get(project=project, user=manager)


def measure(membership: Any) -> None:
    from django.test import Client

    from annotator.jobs import handlers, messages, parts, running
    from annotator.reports import agreement

    spent: dict[str, float] = defaultdict(float)
    timed(agreement, "neutral_records", spent, "reading rows", listed=True)
    timed(agreement, "parts_of", spent, "computing the parts")
    timed(agreement, "reduce", spent, "adding up, with 1,000 resamples")
    timed(agreement, "store", spent, "writing")
    waiting: list[tuple[Any, ...]] = []
    messages.send = lambda task, *arguments: waiting.append((task, *arguments))
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    began, cpu = time.perf_counter(), time.process_time()
    report = agreement.request(membership, {"layer": "stance"}, actor=membership.user)
    while waiting:
        task, key, *rest = waiting.pop(0)
        if task == "run_job":
            running.run(uuid.UUID(key))
        else:
            parts.run(uuid.UUID(key), int(rest[0]), uuid.UUID(rest[1]))
    report.refresh_from_db()
    assert report.result, report.job.error
    shown = time.perf_counter()
    answer = client.get(f"/projects/bench/agreement/{report.pk}/")
    assert answer.status_code == 200
    spent["showing the page"] = time.perf_counter() - shown
    whole = time.perf_counter() - began
    spent["everything else"] = whole - sum(spent.values())
    print(
        f"| from the request to the page | {whole:.2f} s | cpu {time.process_time() - cpu:.2f} s |\n|---|---|---|"
    )
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"| {name} | {seconds:.2f} s | {seconds / whole:.0%} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak memory {peak:.0f} MB; parts of {agreement.CHUNK} documents; {len(handlers.HANDLERS)} kinds of job"
    )
    print({figure["name"]: figure["value"] for figure in report.result["figures"][:3]})


def timed(module: Any, name: str, spent: dict[str, float], what: str, *, listed: bool = False) -> None:
    """Counts the seconds that the module's function takes; a generator is read to its end first."""
    function: Callable[..., Any] = getattr(module, name)

    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return list(function(*args, **kwargs)) if listed else function(*args, **kwargs)
        finally:
            spent[what] += time.perf_counter() - began

    setattr(module, name, run)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [1000, 5, 20][len(given) :]))
