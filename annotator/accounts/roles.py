"""What each role may do: one table, read by every surface."""

MANAGER, REVIEWER, ANNOTATOR, OBSERVER = "manager", "reviewer", "annotator", "observer"
ROLES = (MANAGER, REVIEWER, ANNOTATOR, OBSERVER)
ROLE_CHOICES = [(role, role.capitalize()) for role in ROLES]

# right -> the roles that have it. `label` is further bound to those who take part (Membership.takes_part).
RIGHTS: dict[str, tuple[str, ...]] = {
    "see_project": (MANAGER, REVIEWER, ANNOTATOR, OBSERVER),
    "manage_project": (MANAGER,),
    "archive_project": (MANAGER,),
    "manage_members": (MANAGER,),
    "see_members": (MANAGER, REVIEWER, OBSERVER),
    "manage_scheme": (MANAGER,),
    "add_holders": (MANAGER, REVIEWER, ANNOTATOR),
    "see_documents": (MANAGER, REVIEWER, ANNOTATOR, OBSERVER),
    "add_documents": (MANAGER,),
    "import": (MANAGER,),
    "export": (MANAGER, REVIEWER, ANNOTATOR, OBSERVER),
    "request_agreement": (MANAGER, REVIEWER),
    "see_agreement": (MANAGER, REVIEWER, OBSERVER),
    "see_progress": (MANAGER, REVIEWER, OBSERVER),
    "see_sets": (MANAGER, REVIEWER, ANNOTATOR, OBSERVER),
    "see_history": (MANAGER, REVIEWER),
    "label": (MANAGER, REVIEWER, ANNOTATOR),
    "review": (MANAGER, REVIEWER),
}

# What goes on in an archived project: reading it, taking its figures and files out of it, and opening it again.
IN_ARCHIVE = (
    *(right for right in RIGHTS if right.startswith("see_")),
    "export",
    "request_agreement",
    "archive_project",
)

# Whose sets a role reads besides its own, and in which states (None: in all); promise 4 narrows it further.
SETS_OF_OTHERS: dict[str, tuple[str, ...] | None] = {
    MANAGER: None,
    REVIEWER: ("submitted", "accepted"),
    ANNOTATOR: (),
    OBSERVER: ("submitted", "accepted"),
}

# Observers know members by alias only.
SEES_USERNAMES = (MANAGER, REVIEWER)


def may(role: str, right: str) -> bool:
    """Whether the role has the right; an unknown right is a mistake in the program."""
    return role in RIGHTS[right]
