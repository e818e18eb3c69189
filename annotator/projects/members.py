"""Adding people to a project, changing what they may do, inviting who has no account."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotator.accounts.models import User, digest_of, new_key
from annotator.accounts.roles import ANNOTATOR, MANAGER, OBSERVER, ROLES
from annotator.errors import Conflict, Gone, Invalid, NotFound
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Invitation, Membership, Project

INVITATION_LIFETIME = timedelta(days=14)


@transaction.atomic
def add(
    project: Project,
    *,
    actor: User,
    alias: str,
    role: str,
    username: str | None = None,
    takes_part: bool | None = None,
    accepting: Invitation | None = None,
) -> Membership:
    """Makes somebody a member; without a username it is an annotator without a login (imported, or a model).

    Who was removed gets their membership back, with the alias it has. Raises Invalid for an unknown person or role, Conflict
    where alias or person is in the project already.
    """
    user = person(username) if username else None
    earlier = lock_own(project, user) if user else None
    if earlier is not None and earlier.former_id is not None:
        return take_back(earlier, role=role, takes_part=takes_part, actor=actor)
    lock_open(project.pk)
    alias = checked_alias(project, alias, accepting=accepting)
    membership = Membership(project=project, user=user, alias=alias, role=checked_role(role))
    if user and Membership.objects.filter(project=project, user=user).exists():
        raise Conflict("already_member", f"{username} is already a member.", attr="username")
    membership.takes_part = role == ANNOTATOR if takes_part is None else takes_part and role != OBSERVER
    membership.save()
    record(
        "member_added",
        f"membership:{membership.pk}",
        actor_id=actor.pk,
        project_id=project.pk,
        alias=alias,
        role=role,
    )
    return membership


def lock_own(project: Project, user: User) -> Membership | None:
    """The person's row in the project, removed or not, locked before the project's: in the order of every other verb."""
    own = Membership.objects.filter(Q(user=user) | Q(former=user), project=project)
    return own.select_for_update().first()


def lock_open(project: int) -> None:
    """Locks the project's row; raises Conflict where it is archived."""
    refuse_archived(Project.objects.select_for_update().only("pk", "archived_at").get(pk=project))


@transaction.atomic
def take_back(
    earlier: Membership, *, actor: User, role: str | None = None, takes_part: bool | None = None
) -> Membership:
    """Makes who was removed a member again, under the same alias; in their old role, unless another is given."""
    locked = Membership.objects.select_for_update().get(pk=earlier.pk)
    if locked.former_id is None:
        return locked
    lock_open(locked.project_id)
    locked.role = checked_role(role or locked.role)
    locked.takes_part = (
        locked.role == ANNOTATOR if takes_part is None else takes_part and locked.role != OBSERVER
    )
    locked.user_id, locked.former_id = locked.former_id, None
    locked.save(update_fields=["user", "former", "role", "takes_part"])
    record(
        "member_taken_back",
        f"membership:{locked.pk}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        alias=locked.alias,
        role=locked.role,
    )
    return locked


def person(username: str) -> User:
    people = User.objects.filter(username__iexact=username, is_active=True)
    user = people.filter(username=username).first() or people.first()
    if user is None:
        raise Invalid(
            "unknown_user", f"Nobody here is called {username!r}. Invite them by a link.", attr="username"
        )
    return user


def checked_role(role: str) -> str:
    if role not in ROLES:
        raise Invalid("unknown_role", f"A role is one of {', '.join(ROLES)}.", attr="role")
    return role


def checked_alias(project: Project, alias: str, *, accepting: Invitation | None = None) -> str:
    """The alias, if nobody has it and no standing invitation promises it to somebody else."""
    alias = alias.strip()
    if not alias or len(alias) > 80:
        raise Invalid("bad_alias", "An alias has 1 to 80 characters.", attr="alias")
    if Membership.objects.filter(project=project, alias=alias).exists():
        raise Conflict("alias_taken", f"{alias!r} is already the alias of a member.", attr="alias")
    promised = Invitation.objects.filter(
        project=project, alias=alias, accepted_at=None, expires_at__gt=timezone.now()
    )
    if accepting is not None:
        promised = promised.exclude(pk=accepting.pk)
    if promised.exists():
        raise Conflict("alias_promised", f"{alias!r} is promised by an invitation.", attr="alias")
    return alias


@transaction.atomic
def change(membership: Membership, values: Mapping[str, Any], *, actor: User) -> Membership:
    """Changes role and taking part; the alias is stable. A project keeps at least one manager."""
    # The member before the project, in the order in which readings that come in take them.
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    lock_open(membership.project_id)
    if locked.former_id is not None:
        raise Conflict("member_removed", f"{locked.alias} was removed; take them back first.")
    if "role" in values:
        if locked.role == MANAGER and values["role"] != MANAGER:
            refuse_last_manager(locked)
        locked.role = checked_role(values["role"])
    if "takes_part" in values:
        locked.takes_part = values["takes_part"]
    if locked.role == OBSERVER:
        locked.takes_part = False
    locked.save(update_fields=["role", "takes_part"])
    record(
        "member_changed",
        f"membership:{locked.pk}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        **dict(values),
    )
    return locked


def detach(locked: Membership, *, actor: User) -> None:
    """Ends a membership whose row is locked: the alias stays for the readings under it, the person is let out.

    Raises Conflict for the last manager, for an annotator without a login, who cannot do anything anyway, and in an
    archived project.
    """
    lock_open(locked.project_id)
    if locked.user_id is None:
        raise Conflict("no_login", f"{locked.alias} has no login: there is nobody to remove.")
    if locked.role == MANAGER:
        refuse_last_manager(locked)
    locked.former_id, locked.user_id, locked.takes_part = locked.user_id, None, False
    locked.save(update_fields=["former", "user", "takes_part"])
    record(
        "member_removed",
        f"membership:{locked.pk}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        alias=locked.alias,
    )


def refuse_last_manager(membership: Membership) -> None:
    managers = Membership.objects.filter(project=membership.project_id, role=MANAGER, user__isnull=False)
    if not managers.exclude(pk=membership.pk).exists():
        raise Conflict("last_manager", "A project keeps at least one manager.", attr="role")


@transaction.atomic
def invite(project: Project, *, actor: User, alias: str, role: str, now: datetime) -> tuple[Invitation, str]:
    """An invitation and its key, shown this once; whoever opens the link becomes a member under this alias."""
    refuse_archived(project)
    key = new_key()
    invitation = Invitation.objects.create(
        project=project,
        role=checked_role(role),
        alias=checked_alias(project, alias),
        digest=digest_of(key),
        created_by=actor,
        expires_at=now + INVITATION_LIFETIME,
    )
    record(
        "member_invited",
        f"invitation:{invitation.pk}",
        actor_id=actor.pk,
        project_id=project.pk,
        alias=alias,
        role=role,
    )
    return invitation, key


def find_invitation(key: str, *, now: datetime) -> Invitation:
    """The standing invitation of this key; raises NotFound for an unknown one, Gone for a used or expired one."""
    invitation = Invitation.objects.select_related("project").filter(digest=digest_of(key)).first()
    if invitation is None:
        raise NotFound("not_found", "There is no such invitation.")
    if invitation.accepted_at is not None:
        raise Gone("invitation_used", "This invitation has been used.")
    if invitation.expires_at <= now:
        raise Gone("invitation_expired", "This invitation has expired. Ask for a new one.")
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: User) -> None:
    """Ends an invitation that nobody has accepted; its link is worth nothing any more."""
    locked = (
        Invitation.objects.select_for_update(of=("self",)).select_related("project").get(pk=invitation.pk)
    )
    refuse_archived(locked.project)
    if locked.accepted_at is not None:
        raise Conflict("invitation_used", "This invitation has been accepted; change the member instead.")
    record(
        "invitation_withdrawn",
        f"invitation:{locked.pk}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        alias=locked.alias,
    )
    locked.delete()


@transaction.atomic
def accept(invitation: Invitation, *, user: User, now: datetime) -> Membership:
    """Makes the person a member as invited; the invitation is used up."""
    # Without its project's row, which comes after the member's.
    locked = (
        Invitation.objects.select_for_update(of=("self",)).select_related("project").get(pk=invitation.pk)
    )
    if locked.accepted_at is not None:
        raise Gone("invitation_used", "This invitation has been used.")
    if Membership.objects.filter(project=locked.project_id, user=user).exists():
        raise Conflict("already_member", "You are already a member of this project.")
    membership = add(
        locked.project,
        actor=user,
        alias=locked.alias,
        role=locked.role,
        username=user.username,
        accepting=locked,
    )
    Invitation.objects.filter(pk=locked.pk).update(accepted_at=now, accepted_by=user)
    return membership


@transaction.atomic
def register(*, username: str, password: str) -> User:
    """An account for who was invited; raises Invalid for a taken name or a weak password."""
    user = User(username=username)
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
        if User.objects.filter(username__iexact=username).exists():
            raise Invalid(
                "username_taken", "Somebody has this username, or one that looks like it.", attr="username"
            )
    except ValidationError as error:
        attr = "username" if hasattr(error, "error_dict") else "password"
        raise Invalid("invalid", " ".join(error.messages), attr=attr) from None
    user.set_password(password)
    user.save()
    record("account_made", f"user:{user.pk}", actor_id=user.pk, project_id=None)
    return user
