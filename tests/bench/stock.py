"""What the benchmark finds stored: `python -m tests.bench.stock FILE` fills an empty database and says what is where.

Sizes are the question, so there are two of each: readings with few and many marks, projects with few and many documents.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
from django.core.management import call_command

FEW, MANY = 10, 2000
WRITERS = 16
CLAIMS = {"many": 1200, "few": 240}
SENTENCE = "The council should keep the ordinance because calls from witnesses rose, said the clerk. "


def main(file: Path) -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    file.write_text(json.dumps(fill()))


def fill() -> dict[str, Any]:
    """Two projects: `many` with 2,000 documents, `few` with ten; each with people who write and people who claim."""
    from annotator.web.management.commands.serve import GRANIAN

    few, many = study("few", FEW, readers=100), study("many", MANY, readers=3)
    return {
        "granian": GRANIAN,
        "readers": readings(many, marks=FEW),
        "writers": readings(many, marks=FEW),
        "marks_few": readings(many, marks=FEW, count=1),
        "marks_many": readings(many, marks=MANY, count=1),
        "documents_few": readings(few, marks=FEW, count=1),
        "documents_many": readings(many, marks=FEW, count=1),
        "claims_few": [{"project": few.slug, "session": person(few)[1]} for _ in range(CLAIMS["few"])],
        "claims_many": [{"project": many.slug, "session": person(many)[1]} for _ in range(CLAIMS["many"])],
    }


def study(slug: str, documents: int, *, readers: int) -> Any:
    from annotator.accounts.models import User
    from annotator.documents import texts
    from annotator.projects import studies

    manager = User.objects.create(username=f"manager-{slug}")
    project = studies.create(
        actor=manager, slug=slug, name=slug, template="sanctuary-stance", readers_per_document=readers
    )
    news = [texts.NewDocument(f"d{number}", SENTENCE * 40) for number in range(documents)]
    texts.add(project, news, actor=manager)
    return project


def person(project: Any) -> tuple[Any, str]:
    """A member who labels, signed in: the membership and the session's key."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from annotator.accounts.models import User
    from annotator.projects.models import Membership

    user = User.objects.create(username=uuid4().hex)
    membership = Membership.objects.create(project=project, user=user, alias=user.username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return membership, str(session.session_key)


def readings(project: Any, *, marks: int, count: int = WRITERS) -> list[dict[str, Any]]:
    """Open readings with so many marks in each, every one by a person of its own."""
    return [reading(project, marks) for _ in range(count)]


def reading(project: Any, marks: int) -> dict[str, Any]:
    from datetime import timedelta

    from django.utils import timezone

    from annotator.annotations.models import AnnotationSet, Span
    from annotator.documents import texts
    from annotator.projects.models import Label

    membership, session = person(project)
    manager = project.memberships.get(role="manager").user
    text = SENTENCE * max(40, marks // 2)
    [(document, _)] = texts.add(project, [texts.NewDocument(uuid4().hex, text)], actor=manager)
    until = timezone.now() + timedelta(hours=9)
    found = AnnotationSet.objects.create(
        project=project, document=document, membership=membership, lease_until=until
    )
    stance = Label.objects.filter(project=project, kind="stance").first()
    starts = [number * 40 % (len(text) - 60) for number in range(marks)]
    spans = [
        Span(
            set=found,
            uid=uuid4(),
            fragments=[[start, start + 30]],
            start=start,
            end=start + 30,
            stance=stance,
        )
        for start in starts
    ]
    Span.objects.bulk_create(spans)
    return {
        "project": project.slug,
        "session": session,
        "set": found.pk,
        "spans": [str(span.uid) for span in spans],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
    main(Path(sys.argv[1]))
