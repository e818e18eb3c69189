"""What waits in a row between two steps of a job comes back as it was."""

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from annotator.agreement import Specification, parts_of
from annotator.agreement.contributions import empty
from annotator.agreement.differences import TYPES
from annotator.reports.counts import Which, counted, plain, unpacked
from annotator.reports.packing import pack, pack_parts, unpack, unpack_parts


def document(name: str, *readings: tuple[str, list[tuple[int, int, str]]]) -> dict[str, Any]:
    sets = [
        {
            "annotator": alias,
            "spans": [
                {"id": f"{alias}{n}", "fragments": [[start, end]], "stance": label}
                for n, (start, end, label) in enumerate(spans)
            ],
        }
        for alias, spans in readings
    ]
    return {"id": name, "text": "x" * 50, "sets": sets}


DOCUMENTS = [
    document("b", ("Ben", [(0, 5, "pro"), (20, 30, "anti")]), ("Ada", [(0, 5, "anti")])),
    document("a", ("Ben", [(0, 5, "pro")]), ("Ada", [(0, 6, "pro")]), ("Cleo", [])),
    document("alone", ("Ada", [])),
]
ASKED = Specification(resamples=0)


def test_parts_come_back_as_they_were() -> None:
    for parts in (empty(), parts_of(DOCUMENTS, ASKED)):
        back = unpack_parts(pack_parts(parts))
        for field in fields(parts):
            one, other = getattr(parts, field.name), getattr(back, field.name)
            if isinstance(one, np.ndarray):
                assert (one.dtype, one.shape) == (other.dtype, other.shape), field.name
                np.testing.assert_array_equal(one, other)
            else:
                assert one == other, field.name


@pytest.mark.parametrize("odd", [0.5, float("nan"), float("inf"), 2.0**40, -(2.0**31)])
def test_no_number_is_lost(odd: float) -> None:
    parts = replace(empty(), gamma_pairs=np.array([[0.0, odd, 1.0]]))
    np.testing.assert_array_equal(unpack_parts(pack_parts(parts)).gamma_pairs, parts.gamma_pairs)


def test_parts_of_another_version_are_refused() -> None:
    names, tables = unpack(pack_parts(empty()))
    with pytest.raises(ValueError, match="version 0"):
        unpack_parts(pack({**names, "version": 0}, tables))


def test_differences_are_counted_by_document_type_label_and_pair() -> None:
    one, two = parts_of(DOCUMENTS[:1], ASKED), parts_of(DOCUMENTS[1:], ASKED)
    counts = unpacked(counted([one, two]).packed())
    assert counts is not None
    assert counts.by_document(Which()) == {"a": 3, "b": 2}
    assert counts.by_document(Which(type="boundary")) == {"a": 1}
    assert counts.by_document(Which(type="missing_unit")) == {"a": 2, "b": 1}
    assert counts.by_document(Which(pair=("Ben", "Ada"))) == {"b": 2, "a": 1}
    assert counts.by_document(Which(label="anti")) == {"b": 2}
    assert counts.by_document(Which(type="stance", label="pro")) == {"b": 1}, (
        "a place where two labels meet is of both"
    )
    assert counts.by_document(Which(values=("pro", "anti"))) == {"b": 1}
    assert counts.by_document(Which(pair=("Ada", "Ben"), values=("anti", "pro"), ordered=True)) == {"b": 1}
    assert counts.by_document(Which(pair=("Ada", "Ben"), values=("pro", "anti"), ordered=True)) == {}
    assert counts.by_document(Which("missing_unit", values=("", "pro"))) == {"a": 2}
    for nothing in (Which(type="weather"), Which(label="none"), Which(pair=("Ada", "Nobody"))):
        assert counts.by_document(nothing) == {}
    assert {row["type"] for row in plain(counts, Which())} <= set(TYPES)


def test_counts_that_do_not_know_what_was_said_are_as_if_there_were_none() -> None:
    old = {"documents": ["d"], "labels": ["pro"], "annotators": ["Ada", "Ben"], "types": TYPES}
    assert unpacked(pack(old, {"rows": np.zeros((1, 6))})) is None


def test_chunks_count_as_one() -> None:
    apart = counted([parts_of([each], ASKED) for each in DOCUMENTS])
    together = counted([parts_of(DOCUMENTS, ASKED)])
    assert apart.by_document(Which()) == together.by_document(Which())
    assert sorted(map(repr, plain(apart, Which()))) == sorted(map(repr, plain(together, Which())))


def test_a_part_takes_a_fraction_of_its_json() -> None:
    many = [
        document(f"d{n}", *((alias, [(n % 7, 9 + n % 5, "pro"), (20, 30, "anti")]) for alias in "ABCDE"))
        for n in range(50)
    ]
    parts = parts_of(many, ASKED)
    assert len(pack_parts(parts)) * 5 < len(json.dumps(parts.as_dict()))
