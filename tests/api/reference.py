"""Every answer that a test of the API gets is held to what the reference says of it."""

import json
import re
from functools import cache
from typing import Any

import pytest
from django.urls import Resolver404
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

Schema = dict[str, Any]
UNTOLD = ("api/v1/docs/", "api/v1/schema/")


@cache
def reference() -> Schema:
    """The whole reference; no object in it may have a field that it does not name."""
    made: Schema = json.loads(json.dumps(SchemaGenerator().get_schema(public=True)))  # type: ignore[no-untyped-call]
    for component in made["components"]["schemas"].values():
        if "properties" in component:
            component.setdefault("additionalProperties", False)
    return made


@cache
def said(route: str, method: str, status: int) -> Draft202012Validator | None:
    """What the reference says of such an answer's JSON: None where the answer has none."""
    address = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
    call = reference()["paths"][address][method.lower()]
    answers = call["responses"]
    if str(status) not in answers:
        assert status >= 400, f"{method} {address}: the reference knows no answer {status}"
        return None
    content = answers[str(status)].get("content", {})
    if "application/json" not in content:
        return None
    return Draft202012Validator(
        {**content["application/json"]["schema"], "components": reference()["components"]}
    )


def hold(answer: Any) -> None:
    """Nothing for an address outside the reference, and for a HEAD or OPTIONS."""
    method = answer.request["REQUEST_METHOD"]
    try:
        route = answer.resolver_match.route
    except Resolver404:
        return
    if not route.startswith("api/v1/") or route in UNTOLD or method in ("HEAD", "OPTIONS"):
        return
    if answer.status_code in (405, 500):
        return
    validator = said(route, method, answer.status_code)
    if validator is not None:
        faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(answer.json())]
        assert faults == [], f"{method} {route} answered what the reference does not say: {faults}"


@pytest.fixture(autouse=True)
def held_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at every answer on its way to the test."""
    asked = APIClient.request

    def request(client: APIClient, **kwargs: Any) -> Any:
        answer = asked(client, **kwargs)
        hold(answer)
        return answer

    monkeypatch.setattr(APIClient, "request", request)
