"""The demonstration study: loaded once from fixtures/demo, and left alone ever after."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.accounts.roles import MANAGER, REVIEWER
from annotator.exchange import judging, taking, vocabulary
from annotator.exchange.aliases import Aliases
from annotator.exchange.previews import chunks
from annotator.formats import neutral
from annotator.formats.rows import Problem
from annotator.projects import holders, members, studies
from annotator.projects.models import Membership, Project

FOLDER = settings.ROOT / "fixtures" / "demo"


@transaction.atomic
def load_demo(folder: Path = FOLDER) -> tuple[Project, bool]:
    """The demo project with its people, documents and readings, and whether it is new; one that is there stays as it is."""
    scheme = json.loads((folder / "scheme.json").read_text(encoding="utf-8"))
    there = Project.objects.filter(slug=scheme["project"]["slug"]).first()
    if there is not None:
        return there, False
    people = {
        person["alias"]: account(person["username"], person["role"]) for person in scheme["memberships"]
    }
    project = found(scheme, people)
    load_documents(project, folder / "documents.jsonl", actor=manager_of(scheme, people), now=timezone.now())
    return project, True


def account(username: str, role: str) -> User:
    """The person's account; no password opens it. Managers and reviewers may enter the admin."""
    defaults = {"first_name": username.capitalize(), "is_staff": role in (MANAGER, REVIEWER)}
    user, created = User.objects.get_or_create(username=username, defaults=defaults)
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def manager_of(scheme: Mapping[str, Any], people: Mapping[str, User]) -> User:
    return next(people[person["alias"]] for person in scheme["memberships"] if person["role"] == "manager")


def found(scheme: Mapping[str, Any], people: Mapping[str, User]) -> Project:
    """The project with its scheme, holders and members."""
    actor = manager_of(scheme, people)
    project = studies.create(actor=actor, **scheme["project"])
    studies.apply_scheme(project, scheme)
    project.refresh_from_db()
    manager = Membership.objects.select_related("project").get(project=project, user=actor)
    for holder in scheme["holders"]:
        holders.add(project, **holder, membership=manager, actor=actor)
    for person in scheme["memberships"]:
        if people[person["alias"]] != actor:
            members.add(project, actor=actor, **person)
    return project


def load_documents(project: Project, path: Path, *, actor: User, now: datetime) -> None:
    """Takes the documents and gives each reading to the person of its alias, as if it had been made here."""
    own = {
        alias: alias for alias in Membership.objects.filter(project=project).values_list("alias", flat=True)
    }
    aliases = Aliases(project, own)
    known = vocabulary.of(project)
    with path.open("rb") as file:
        for chunk in chunks(neutral.rows(file)):
            judged = judging.judge(project, chunk, known, aliases)
            refuse_problems([problem for problem in judged.problems if not problem.taken])
            taking.take(project, judged, aliases, actor=actor, now=now)


def refuse_problems(problems: list[Problem]) -> None:
    """The demo's files are our own: one that does not go in whole is a mistake in the program."""
    if problems:
        raise ValueError(f"{problems[0].place}: {problems[0].detail}")
