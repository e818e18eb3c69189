"""What every refusal looks like, and that it left no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps

TYPES = {400: "validation_error", 500: "server_error"}


def check_refused(
    answer: Any, status: int, code: str | None = None, attr: str | None = None
) -> dict[str, Any]:
    """The answer has this status and the one shape of errors; gives its first error."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer.headers["Content-Type"].startswith("application/json"), answer.headers["Content-Type"]
    body = answer.json()
    assert body["type"] in ("validation_error", "client_error")
    assert body["errors"], body
    for error in body["errors"]:
        assert set(error) == {"code", "detail", "attr"}, error
        assert error["code"], error
        assert error["detail"], error
    first = body["errors"][0]
    if code is not None:
        assert code in [error["code"] for error in body["errors"]], body
    if attr is not None:
        assert attr in [error["attr"] for error in body["errors"]], body
    return first


def stored() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours; only when somebody last signed in is left out."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name != "last_login"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_models()
        if model.__module__.startswith("annotator.")
    }


@contextmanager
def nothing_stored() -> Iterator[None]:
    """Within the block no row of ours appears, changes or goes; history grows by no line."""
    before = stored()
    yield
    after = stored()
    for label, rows in before.items():
        assert after[label] == rows, f"{label} changed"
