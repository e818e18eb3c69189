"""A project's settings, targets and labels."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify

from annotator.errors import Conflict, Invalid, NotFound
from annotator.projects import removals, studies
from annotator.projects.models import Label, Target
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import EditLabel, LabelForm, Settings, TargetForm, posted, tried


@member(see="manage_project", change="manage_project")
def settings(request: MemberVisit) -> HttpResponse:
    """The page; a POST changes the settings."""
    form = Settings(
        posted(request), initial={name: getattr(request.project, name) for name in studies.SETTINGS}
    )
    if form.is_valid():
        changed = tried(form, lambda: studies.change(request.project, form.cleaned_data, actor=request.user))
        if changed is not None:
            messages.success(request, "The settings are saved.")
            return redirect("web:settings", p=request.project.slug)
    return page(request, form=form, status=400 if form.is_bound else 200)


def page(
    request: MemberVisit,
    *,
    form: forms.Form | None = None,
    label_form: forms.Form | None = None,
    target_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form or Settings(initial={name: getattr(request.project, name) for name in studies.SETTINGS}),
        "label_form": label_form or LabelForm(prefix="label"),
        "target_form": target_form or TargetForm(prefix="target"),
        "targets": list(request.project.targets.all()),
        "kinds": by_kind(list(request.project.labels.all())),
        "removed": removals.removed(request.project),
        "tab": "web:settings",
    }
    return show(request, "settings.html", context, status=status)


def by_kind(labels: list[Label]) -> list[tuple[str, str, list[Label]]]:
    """(kind, group, labels in order) of each kind, and of each question on documents."""
    kinds: dict[tuple[str, str], list[Label]] = {(kind, ""): [] for kind in ("stance", "role", "relation")}
    for label in labels:
        kinds.setdefault((label.kind, label.group), []).append(label)
    return [(kind, group, entries) for (kind, group), entries in kinds.items()]


@member(change="manage_scheme")
def add_label(request: MemberVisit) -> HttpResponse:
    """A new label at the end of its kind."""
    form = LabelForm(request.POST, prefix="label")
    if form.is_valid() and tried(form, lambda: new_label(request, form.cleaned_data)) is not None:
        return redirect(here(request, "labels"))
    return page(request, label_form=form, status=400)


def new_label(request: MemberVisit, given: dict[str, Any]) -> Label:
    """Adds the label under a slug made from its name; one that is there is not overwritten."""
    group = slug_of(given["group"]) if given["group"] else ""
    identity = {"kind": given["kind"], "group": group, "slug": slug_of(given["name"])}
    if request.project.labels.filter(**identity).exists():
        raise Conflict("label_exists", "There is a label of this kind and name already.", attr="name")
    return studies.put_label(request.project, given | identity, actor=request.user)[0]


@member(see="manage_scheme", change="manage_scheme")
def label(request: MemberVisit, label_id: int) -> HttpResponse:
    """A form of one label: its name, definition, key and colour."""
    found = find(Label, request, label_id)
    form = EditLabel(posted(request), initial={name: getattr(found, name) for name in EditLabel().fields})
    if form.is_valid():
        identity = {"kind": found.kind, "group": found.group, "slug": found.slug}
        saved = tried(
            form, lambda: studies.put_label(request.project, form.cleaned_data | identity, actor=request.user)
        )
        if saved is not None:
            return redirect(here(request, "labels"))
    status = 400 if form.is_bound else 200
    return show(
        request, "label_form.html", {"form": form, "label": found, "tab": "web:settings"}, status=status
    )


@member(change="manage_scheme")
def move_label(request: MemberVisit, label_id: int) -> HttpResponse:
    """Moves a label one place up or down among its kind; readers meet labels in this order."""
    found = find(Label, request, label_id)
    labels = list(request.project.labels.all())
    peers = [each for each in labels if (each.kind, each.group) == (found.kind, found.group)]
    at = peers.index(found)
    to = at - 1 if request.POST.get("to") == "up" else at + 1
    if 0 <= to < len(peers):
        order = [each.pk for each in labels]
        first, second = order.index(found.pk), order.index(peers[to].pk)
        order[first], order[second] = order[second], order[first]
        studies.order_labels(request.project, order, actor=request.user)
    return redirect(here(request, "labels"))


@member(change="manage_scheme")
def add_target(request: MemberVisit) -> HttpResponse:
    form = TargetForm(request.POST, prefix="target")
    if form.is_valid() and tried(form, lambda: new_target(request, form.cleaned_data["name"])) is not None:
        return redirect(here(request, "targets"))
    return page(request, target_form=form, status=400)


def new_target(request: MemberVisit, name: str) -> Target:
    slug = slug_of(name)
    if request.project.targets.filter(Q(slug=slug) | Q(name__iexact=name.strip())).exists():
        raise Conflict("target_exists", "There is a target of this name already.", attr="name")
    return studies.put_target(request.project, {"slug": slug, "name": name}, actor=request.user)[0]


@member(change="manage_scheme")
def rename_target(request: MemberVisit, target_id: int) -> HttpResponse:
    found = find(Target, request, target_id)
    values = {"slug": found.slug, "name": request.POST.get("name", "").strip()}
    return told(
        request,
        lambda: studies.put_target(request.project, values, actor=request.user),
        "The target is saved.",
        "targets",
    )


def told(request: MemberVisit, verb: Callable[[], object], done: str, place: str) -> HttpResponse:
    """Runs the verb and goes back to the page, which says how it went."""
    try:
        verb()
        messages.success(request, done)
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
    return redirect(here(request, place))


def here(request: MemberVisit, place: str) -> str:
    return reverse("web:settings", kwargs={"p": request.project.slug}) + f"#{place}"


def find(kind: type[Label] | type[Target], request: MemberVisit, key: int) -> Any:
    found = kind.objects.filter(project=request.project, pk=key).first()
    if found is None:
        raise NotFound("not_found", "There is no such entry in this project's scheme.")
    return found


def slug_of(name: str) -> str:
    """The name as a slug, or Invalid where nothing of it can be in one."""
    slug = slugify(name, allow_unicode=True)[:80].strip("-_")
    if not slug:
        raise Invalid("invalid", "A name has at least one letter or digit.", attr="name")
    return slug
