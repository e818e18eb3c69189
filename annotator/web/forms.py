"""The forms of the pages; what a verb refuses is said at the field it names."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from annotator.accounts.roles import ANNOTATOR, ROLE_CHOICES
from annotator.errors import Conflict, Gone, Invalid
from annotator.projects.models import Label, Project

T = TypeVar("T")
TEMPLATE_CHOICES = [
    (
        "sanctuary-stance",
        "A stance study: stances, roles, relations, questions and a guideline, all to be edited",
    ),
    ("", "Empty: I make my own scheme"),
]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is one too, and its errors are said."""
    return request.POST if request.method == "POST" else None


def tried(form: forms.Form, verb: Callable[[], T]) -> T | None:
    """What the verb answers; a refusal becomes an error of the form, and the answer is None."""
    try:
        return verb()
    except (Invalid, Conflict, Gone) as refused:
        named = (refused.attr or "").split(".")[0]
        field = named if named in form.fields else None
        form.add_error(field, refused.detail)
        return None


class Area(forms.Textarea):
    """A text field of a few lines."""

    def __init__(self, rows: int = 3, **attrs: Any) -> None:
        super().__init__(attrs={"rows": rows, **attrs})


class NewProject(forms.Form):
    name = forms.CharField(max_length=200)
    slug = forms.CharField(
        max_length=80,
        required=False,
        label="Address",
        help_text="Lower case, without spaces, such as harbour-ordinance. Left empty, it is made from the name.",
    )
    description = forms.CharField(required=False, widget=Area())
    template = forms.ChoiceField(
        choices=TEMPLATE_CHOICES,
        required=False,
        widget=forms.RadioSelect,
        label="Begin with",
        initial="sanctuary-stance",
    )
    readers_per_document = forms.IntegerField(
        min_value=1,
        max_value=100,
        initial=3,
        help_text="How many people read each document, each blind to the others.",
    )


class Settings(forms.Form):
    name = forms.CharField(max_length=200)
    description = forms.CharField(required=False, widget=Area())
    readers_per_document = forms.IntegerField(
        min_value=1, max_value=100, help_text="A larger number sends finished documents to further readers."
    )
    open_after = forms.ChoiceField(
        choices=Project.OpenAfter.choices,
        label="Readers see the readings of others",
        help_text="Until then they see none, on no page and in no count. "
        "Names of holders are everybody's once a reading with them is submitted.",
    )
    lease_minutes = forms.IntegerField(
        min_value=1,
        max_value=43200,
        label="Minutes a seat is kept",
        help_text="Every saved change renews it.",
    )
    may_reopen = forms.BooleanField(required=False, label="Annotators may reopen what they submitted")


class LabelForm(forms.Form):
    kind = forms.ChoiceField(choices=Label.Kind.choices)
    group = forms.CharField(
        max_length=80,
        required=False,
        label="Question",
        help_text="For document labels: the question they answer, such as genre.",
    )
    name = forms.CharField(max_length=200)
    definition = forms.CharField(
        required=False, widget=Area(), help_text="When does it apply, when not? Give an example."
    )
    key = forms.CharField(max_length=1, required=False, strip=False, help_text="One letter or digit.")
    color = forms.CharField(
        max_length=7,
        required=False,
        label="Colour",
        widget=forms.TextInput(attrs={"type": "color"}),
        initial="#6b665f",
    )


class EditLabel(LabelForm):
    """What may change of a label that is there; kind, question and slug are its identity."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"], self.fields["group"]


class TargetForm(forms.Form):
    name = forms.CharField(max_length=200)


class GuidelineForm(forms.Form):
    text = forms.CharField(
        required=False, strip=False, widget=Area(rows=28, spellcheck="true"), label="Guideline in Markdown"
    )

    def clean_text(self) -> str:
        """Browsers send CRLF whatever was typed; a wording is the same with either."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class MemberForm(forms.Form):
    username = forms.CharField(max_length=150)
    alias = forms.CharField(max_length=80, help_text="How files and observers know them; it stays.")
    role = forms.ChoiceField(choices=ROLE_CHOICES, initial=ANNOTATOR)


class InvitationForm(forms.Form):
    alias = forms.CharField(max_length=80, help_text="How files and observers will know them; it stays.")
    role = forms.ChoiceField(choices=ROLE_CHOICES, initial=ANNOTATOR)


class AccountForm(forms.Form):
    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters, and none of the common ones.",
    )
