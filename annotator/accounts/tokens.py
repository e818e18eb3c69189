"""Making, finding and ending API tokens."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from annotator.accounts.models import ApiToken, User, digest_of, new_key
from annotator.history.events import record

LIFETIME = timedelta(days=365)
# A write a request would double the cost of reading, so the last use is kept to the minute.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make(user: User, *, name: str, now: datetime, actor: User) -> str:
    """A new token's key, shown this once and stored as a digest."""
    key = new_key()
    token = ApiToken.objects.create(user=user, name=name, digest=digest_of(key), expires_at=now + LIFETIME)
    record("token_made", f"token:{token.pk}", actor_id=actor.pk, project_id=None, name=name)
    return key


def find(key: str, *, now: datetime) -> ApiToken | None:
    """The living token of this key with its active user, or None."""
    tokens = ApiToken.objects.select_related("user").filter(user__is_active=True)
    token = tokens.filter(Q(expires_at=None) | Q(expires_at__gt=now), digest=digest_of(key)).first()
    if token and (token.last_used_at is None or now - token.last_used_at > USE_IS_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def end(token: ApiToken, *, actor: User) -> None:
    record("token_ended", f"token:{token.pk}", actor_id=actor.pk, project_id=None, name=token.name)
    token.delete()
