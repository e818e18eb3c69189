"""The pages there are, by the name of their address: read by the navigation and by quick-open.

A page of a project comes with the right that it asks for (`accounts/roles.py`), and with other words that people look for.
"""

OF_PROJECT = (
    ("web:progress", "Progress", "see_project", "project how far"),
    ("web:documents", "Documents", "see_documents", "texts search list"),
    ("web:members", "Members", "see_members", "people roles invite"),
    ("web:agreement", "Agreement", "see_agreement", "alpha report"),
    ("web:imports", "Imports", "import", "upload files"),
    ("web:exports", "Exports", "export", "download release"),
    ("web:guideline", "Guideline", "see_project", "instructions manual"),
    ("web:settings", "Settings", "manage_project", "labels targets scheme"),
)
# Address, its parts, title, other words.
OF_SITE: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("web:work", {}, "My work", "home start"),
    ("web:new_project", {}, "New project", "study create"),
    ("web:manual_page", {"slug": "start"}, "Manual", "help start"),
    ("web:manual_page", {"slug": "labelling"}, "Manual: labelling", "help keys"),
    ("web:manual_page", {"slug": "review"}, "Manual: review", "help"),
    ("web:manual_page", {"slug": "agreement"}, "Manual: agreement", "help alpha"),
    ("web:manual_page", {"slug": "export"}, "Manual: export", "help import formats"),
    ("web:manual_page", {"slug": "api"}, "Manual: API", "help scripts"),
    ("web:manual_page", {"slug": "running"}, "Manual: running the server", "help backup"),
    ("web:tokens", {}, "Your account and tokens", "password keys scripts"),
)
