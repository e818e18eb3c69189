"""Small words that templates need: rights, numbers, states."""

from django import template

from annotator.accounts.roles import may as role_may
from annotator.projects.models import Membership

register = template.Library()

STATES = {
    "open": "open",
    "submitted": "submitted",
    "returned": "returned",
    "accepted": "accepted",
    "withdrawn": "withdrawn",
    "queued": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


@register.filter
def may(membership: Membership, right: str) -> bool:
    """Whether the member's role has the right."""
    return role_may(membership.role, right)


@register.filter
def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}"


@register.filter
def percent(share: float, places: int | None = None) -> str:
    """A share of one in whole percents, or as a length of so many places."""
    return f"{round(100 * share)} %" if places is None else f"{100 * share:.{places}f}%"


@register.filter
def state(word: str) -> str:
    """The state of a reading or a job, in a word for people."""
    return STATES.get(word, word)


@register.filter
def size(octets: int) -> str:
    """A file's size in the unit that suits it."""
    amount = float(octets)
    for unit in ("bytes", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
