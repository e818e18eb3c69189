"""The project's history."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.accounts.roles import MANAGER
from annotator.annotations import blindness
from annotator.api import answers
from annotator.api.door import ProjectView, query
from annotator.api.paging import NewestFirst
from annotator.history.models import Event


class EventsView(ProjectView):
    """Lines of history, newest first: all for a manager without a reading of their own, else what the caller did."""

    rights: ClassVar = {"GET": "see_history"}

    @extend_schema(responses=answers.stretch(answers.Event))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        events = Event.objects.filter(project_id=self.project.pk)
        if self.membership.role != MANAGER or blindness.reads(self.membership):
            events = events.filter(actor_id=request.user.pk)
        return self.paged(request, events, event_record, NewestFirst())


def event_record(event: Event) -> dict[str, Any]:
    names = ("verb", "subject", "data", "at", "actor_id")
    return {"id": event.pk, **{name: getattr(event, name) for name in names}}
