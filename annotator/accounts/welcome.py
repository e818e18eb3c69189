"""Links that sign a person of the demo in, for as long as the server that made them runs."""

from django.core import signing

from annotator.accounts.models import User


def make(user: User, nonce: str) -> str:
    """A token for this person; it opens nothing once the server's nonce is another."""
    return signing.dumps(user.pk, salt=salt(nonce))


def find(token: str, nonce: str) -> User | None:
    """The active person of this token, or None where it was not made with this nonce."""
    try:
        key = signing.loads(token, salt=salt(nonce))
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


def salt(nonce: str) -> str:
    if not nonce:
        raise ValueError("A welcome needs the nonce of a running server.")
    return f"annotator.welcome:{nonce}"
