"""PUT and DELETE of spans."""

import uuid
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Span
from annotator.history.models import Event
from tests.conftest import TEXT

pytestmark = pytest.mark.django_db(transaction=True)
CLAIM = {"start": 2, "end": 19, "stance": "pro-sanctuary", "role": "claim"}


def url(reading: AnnotationSet, uid: uuid.UUID) -> str:
    return f"/api/v1/projects/harbour/sets/{reading.pk}/spans/{uid}/"


def test_a_span_is_stored_where_it_was_marked(api: Any, ada: User, reading: AnnotationSet) -> None:
    uid = uuid.uuid4()
    answer = api(ada).put(url(reading, uid), CLAIM)
    assert answer.status_code == 201, answer.content
    assert answer.json()["quote"] == "Cities are safer." == TEXT[2:19]
    assert answer.json()["version"] == 1
    assert answer.headers["X-Set-Version"] == "1"
    span = Span.objects.get()
    assert (span.uid, span.fragments, span.start, span.end) == (uid, [[2, 19]], 2, 19)
    assert Event.objects.filter(verb="span_put").count() == 1
