"""Asking for a report: the form, and what a report is about in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms

from annotator.projects import scheme as schemes
from annotator.projects.models import Membership, Project
from annotator.reports.models import AgreementReport
from annotator.web.report.figures import question

LAYERS = [
    ("stance", "Stances of spans"),
    ("role", "Roles of spans"),
    ("relation", "Relations between spans"),
    ("document", "Answers on whole documents"),
]
SETS = [
    ("submitted", "Readings of people, submitted or accepted"),
    ("all", "Those, and gold and model readings"),
]
CANDIDATES = [
    ("document", "Any two of a document"),
    ("paragraph", "Two of one paragraph, as in studies of essays"),
]
DAY = forms.DateInput(attrs={"type": "date"})


class AgreementForm(forms.Form):
    """What to compare; the fields of NARROWING are folded away."""

    NARROWING = (
        "annotators",
        "labels",
        "documents",
        "submitted_from",
        "submitted_until",
        "guidelines",
        "candidates",
        "resamples",
        "seed",
    )

    layer = forms.ChoiceField(choices=LAYERS, label="Compare", widget=forms.RadioSelect, initial="stance")
    target = forms.ChoiceField(required=False, label="Stances toward")
    sets = forms.ChoiceField(
        choices=SETS,
        label="Which readings",
        help_text="Documents with fewer than two of them are left out, and counted.",
    )
    annotators = forms.MultipleChoiceField(
        required=False,
        label="Only these readers",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose nobody to compare all of them, or at least two.",
    )
    labels = forms.MultipleChoiceField(
        required=False,
        label="Only these labels",
        widget=forms.CheckboxSelectMultiple,
        help_text="Marks with other labels are left out as if they had not been made, and counted. "
        "Choose none to compare all.",
    )
    documents = forms.CharField(
        required=False,
        label="Only these documents",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their ids, one a line. Left empty: all of them.",
    )
    submitted_from = forms.DateField(required=False, label="Submitted from", widget=DAY)
    submitted_until = forms.DateField(
        required=False, label="Submitted until", widget=DAY, help_text="Both days included, in UTC."
    )
    guidelines = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        label="Only marks made under these versions of the guideline",
        widget=forms.CheckboxSelectMultiple,
        help_text="A reading with marks made under another is left out whole, and counted.",
    )
    candidates = forms.ChoiceField(
        required=False,
        choices=CANDIDATES,
        label="Which two spans a relation might join",
        help_text="Asked of relations only: two readers agree on a pair that neither joins, too.",
    )
    resamples = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="How often documents are drawn for the intervals; 1,000 if left empty.",
    )
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text="The same seed gives the same intervals; 2026 if left empty.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = [(target.slug, target.name) for target in schemes.of(project).targets]
        aliases = Membership.objects.filter(project=project).exclude(role="observer").order_by("alias")
        versions = project.guidelines.order_by("version").values_list("version", flat=True)
        self.choose("annotators", [(alias, alias) for alias in aliases.values_list("alias", flat=True)], 2)
        self.choose("guidelines", [(version, f"Version {version}") for version in versions], 2)
        self.choose("labels", self.of_layers(project), 1)
        self.choose("target", targets, 2)

    def choose(self, name: str, choices: list[tuple[Any, str]], least: int) -> None:
        """Gives the field its choices; where there is nothing to choose it is not asked."""
        if len(choices) < least:
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def of_layers(self, project: Project) -> list[tuple[Any, Any]]:
        """The labels under what they are labels of; those of one layer can be chosen together."""
        by_layer: dict[str, list[tuple[str, str]]] = {}
        for label in schemes.of(project).labels:
            title = f"Answers on “{question(label.group)}”" if label.group else dict(LAYERS)[label.kind]
            by_layer.setdefault(title, []).append((f"{label.kind}/{label.slug}", label.name))
        return list(by_layer.items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        layer, named = given.get("layer"), given.get("labels") or []
        if layer and any(value.partition("/")[0] != layer for value in named):
            self.add_error(
                "labels", f"Choose only labels of what is compared: {dict(LAYERS)[layer].lower()}."
            )
        if len(given.get("annotators") or ()) == 1:
            self.add_error(
                "annotators", "One reader alone cannot agree or disagree: choose two or more, or nobody."
            )
        return given

    def first(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.NARROWING]

    def narrowing(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.NARROWING]

    def narrowed(self) -> bool:
        """Whether any of the folded fields was filled in, or refused."""
        return self.is_bound and any(
            field.errors or self.data.getlist(field.html_name) not in ([], [""])  # type: ignore[attr-defined]
            for field in self.narrowing()
        )

    def clean_documents(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["documents"].splitlines() if line.strip()]

    def given(self) -> dict[str, Any]:
        """What was asked for, as the verb takes it: an empty field does not narrow."""
        values: Mapping[str, Any] = self.cleaned_data
        given = {name: value for name, value in values.items() if value not in ("", None, [])}
        if given["layer"] != "stance":
            given.pop("target", None)
        if given["layer"] != "relation":
            given.pop("candidates", None)
        if "labels" in given:
            given["labels"] = [value.partition("/")[2] for value in given["labels"]]
        return given


def asked(report: AgreementReport, project: Project) -> str:
    """What a report is about, in words."""
    layer = dict(LAYERS).get(report.specification["layer"], report.specification["layer"])
    names = {target.slug: target.name for target in schemes.of(project).targets}
    target = report.specification.get("target")
    return f"{layer} toward {names.get(target, target)}" if target else layer


def narrowed(report: AgreementReport, project: Project) -> list[str]:
    """How a report was narrowed, in words; nothing where it was about all there is."""
    specification = report.specification
    layer = specification["layer"]
    names = {label.slug: label.name for label in schemes.of(project).labels if label.kind == layer}
    said = []
    if specification.get("annotators") is not None:
        said.append("readers " + ", ".join(specification["annotators"]))
    if specification.get("labels") is not None:
        said.append("labels " + ", ".join(names.get(slug, slug) for slug in specification["labels"]))
    if specification.get("documents") is not None:
        said.append(f"{len(specification['documents']):,} of the documents")
    if specification.get("since"):
        said.append(f"submitted from {specification['since'][:10]}")
    if specification.get("until"):
        said.append(f"submitted until {last_day(specification['until'])}")
    if specification.get("guidelines") is not None:
        said.append("guideline version " + ", ".join(map(str, specification["guidelines"])))
    if specification.get("candidates") == "paragraph":
        said.append("pairs of one paragraph")
    if "gold" in specification.get("kinds", ()):
        said.append("gold and model readings too")
    return said


def last_day(until: str) -> str:
    """The day before the moment at which a time ends, as it was asked for."""
    return (datetime.fromisoformat(until) - timedelta(days=1)).date().isoformat()
