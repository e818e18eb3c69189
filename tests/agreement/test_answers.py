"""Document labels: every coefficient of the report is the one of the count table."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import Specification, alpha, counts, kappa, ratings, report
from tests.agreement.made import PEOPLE, document, reading

TONES = ("calm", "angry", "sad")
ONCE = Specification(layer="document", resamples=0)
SCHEME = {"labels": [{"kind": "document", "group": "tone", "slug": slug} for slug in (*TONES, "unused")]}


@st.composite
def answers(draw: st.DrawFn) -> list[list[str | None]]:
    """What each of PEOPLE says of each document; somebody skips, somebody never opened it ("absent")."""
    one = st.sampled_from([*TONES, None, "absent"])
    return draw(st.lists(st.lists(one, min_size=4, max_size=4), min_size=1, max_size=8))


def corpus_of(rows: list[list[str | None]]) -> list[dict[str, Any]]:
    return [
        document(
            f"d{n}",
            10,
            *(
                reading(who, document_labels={"tone": said})
                for who, said in zip(PEOPLE, row, strict=True)
                if said != "absent"
            ),
        )
        for n, row in enumerate(rows)
    ]


@settings(max_examples=50, deadline=None)
@given(answers())
def test_the_report_has_the_coefficients_of_the_table(rows: list[list[str | None]]) -> None:
    opened = [row for row in rows if sum(said != "absent" for said in row) >= 2]
    cells = [[None if said == "absent" else said for said in row] for row in opened]
    table = ratings.from_matrix(cells or [[None] * 4], labels=[*TONES, "unused"], annotators=PEOPLE)
    found = report(corpus_of(rows), specification=ONCE, scheme=SCHEME)
    tally = table.distinct()
    wanted = {
        "alpha_nominal": counts.nominal_alpha(counts.nominal_sums(table.counts())),
        "fleiss_kappa": kappa.fleiss(tally),
        "gwet_ac1": kappa.gwet(tally),
        "brennan_prediger": kappa.brennan_prediger(tally),
        "conger_kappa": kappa.conger(table),
    }
    if not any(said for row in cells for said in row):
        assert found.figure("alpha_nominal").reason in ("no_pairable_units", "one_annotator")
        return
    for name, ratio in wanted.items():
        figure = found.figure(name)
        if figure.value is None:
            assert not bool(ratio.defined), name
        else:
            assert figure.value == pytest.approx(float(ratio.agreement), abs=1e-9), name
    light = kappa.mean_pairwise(table)[0]
    figure = found.figure("mean_pairwise_kappa")
    assert figure.value == (None if np.isnan(light) else pytest.approx(light, abs=1e-9))
    pairs, _ = kappa.pairwise_cohen(table)
    for a, b in combinations(range(4), 2):
        pair = (PEOPLE[a], PEOPLE[b])
        if any(row[a] != "absent" != row[b] for row in opened):
            got = found.figure("cohen_kappa", pair=pair).value
            assert got == (None if np.isnan(pairs[a, b]) else pytest.approx(pairs[a, b], abs=1e-9))
        elif set(pair) <= set(found.annotators):
            assert found.figure("alpha_nominal", pair=pair).reason == "no_pairable_units"
    for a, without in enumerate(kappa.leave_one_out(table)):
        if PEOPLE[a] in found.annotators and len(found.annotators) > 2:
            got = found.figure("alpha_nominal", without=PEOPLE[a]).value
            assert got == (None if np.isnan(without) else pytest.approx(without, abs=1e-9))


def test_several_questions_are_kept_apart() -> None:
    both = {"tone": "calm", "genre": "report"}
    texts = [
        document("d1", 9, reading("Ada", document_labels=both), reading("Ben", document_labels=both)),
        document(
            "d2",
            9,
            reading("Ada", document_labels={"tone": "sad", "genre": "report"}),
            reading("Ben", document_labels={"tone": "sad", "genre": "column"}),
        ),
    ]
    found = report(texts, specification=ONCE)
    assert found.figure("alpha_nominal", group="tone").value == 1
    genre = found.figure("alpha_nominal", group="genre").value
    assert genre is not None
    assert genre < 1
    only = report(texts, specification=Specification(layer="document", group="tone", resamples=0))
    assert {f.group for f in only.figures} == {"tone"}
    assert [(e.reason, e.count) for e in only.left_out] == [("other_group", 4)]


def test_one_label_alone_is_no_agreement_beyond_chance() -> None:
    calm = {"document_labels": {"tone": "calm"}}
    found = report([document("d", 9, reading("Ada", **calm), reading("Ben", **calm))], specification=ONCE)
    assert (found.figure("alpha_nominal").value, found.figure("alpha_nominal").reason) == (
        None,
        "single_label",
    )
    assert found.figure("percent").value == 1


def test_an_ordinal_question_takes_the_order_of_the_scheme() -> None:
    order = ["low", "middle", "high"]
    scheme = {"labels": [{"kind": "document", "group": "heat", "slug": slug} for slug in order]}
    said = [("low", "low"), ("high", "low"), ("middle", "high"), ("high", "high")]
    texts = [
        document(
            f"d{n}",
            9,
            *(reading(w, document_labels={"heat": k}) for w, k in zip(("Ada", "Ben"), pair, strict=True)),
        )
        for n, pair in enumerate(said)
    ]
    specification = Specification(layer="document", metric="ordinal", resamples=0)
    observed = alpha.coincidences(ratings.from_matrix(said, labels=order).distinct())
    wanted = float(alpha.alpha(observed, alpha.distances("ordinal", observed)).agreement)
    assert report(texts, specification=specification, scheme=scheme).figure(
        "alpha_ordinal"
    ).value == pytest.approx(wanted)


def test_the_most_undecided_document_can_be_found() -> None:
    texts = [
        document(
            "split",
            9,
            *(
                reading(w, document_labels={"tone": k})
                for w, k in zip(PEOPLE, ("calm", "sad", "calm", "sad"), strict=True)
            ),
        ),
        document("sure", 9, *(reading(w, document_labels={"tone": "calm"}) for w in PEOPLE)),
    ]
    rows = {row.id: row.figures for row in report(texts, specification=ONCE).details.documents}
    assert rows["split"]["entropy [tone]"] == pytest.approx(1)
    assert rows["sure"]["entropy [tone]"] == 0
    assert rows["split"]["percent [tone]"] == pytest.approx(1 / 3)
