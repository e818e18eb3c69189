"""Adding to history, inside the transaction of what happened."""

from typing import Any

from annotator.history.models import Event


def record(verb: str, subject: str, *, actor_id: int | None, project_id: int | None, **data: Any) -> Event:
    """Adds the line; the caller's transaction decides whether it stays."""
    return Event.objects.create(
        verb=verb, subject=subject, actor_id=actor_id, project_id=project_id, data=data
    )
