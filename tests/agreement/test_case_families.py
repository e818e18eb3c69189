"""The families and labels that a case names are read under whichever name, or not guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.agreement import cases

#: The same eight judgements of presence: both four times, one alone twice and once, neither once.
FOURFOLD = {"kind": "2x2", "a": 4, "b": 2, "c": 1, "d": 1}
ONE, OTHER = [1, 1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 1, 0]
WORDS = [(1, 0), (True, False), ("1", "0"), ("yes", "no"), ("Yes", "unsure"), ("positive", "negative"), ("pos", "neg"), ("present", "absent")]  # fmt: skip
OF_TWO = ("f1", "positive agreement", "negative_agreement", "prevalence_index", "bias_index")


def value(coefficient: str, data: Any, **params: Any) -> float | None:
    outcome = cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0})
    assert outcome.known, outcome.note
    return outcome.value


def is_known(coefficient: str, data: Any, **params: Any) -> bool:
    return cases.run({"coefficient": coefficient, "data": data, "params": params, "expected": 0}).known


def pairs(yes: Any, no: Any) -> dict[str, Any]:
    return {
        "kind": "pairs",
        **{side: [yes if x else no for x in row] for side, row in (("a", ONE), ("b", OTHER))},
    }


@pytest.mark.parametrize("coefficient", OF_TWO)
@pytest.mark.parametrize("words", WORDS, ids=str)
def test_single_judgements_have_the_same_positive_label_as_their_table(coefficient: str, words: Any) -> None:
    assert value(coefficient, pairs(*words)) == pytest.approx(value(coefficient, FOURFOLD))


@pytest.mark.parametrize("coefficient", OF_TWO)
def test_two_labels_of_which_neither_is_positive_are_not_guessed_at(coefficient: str) -> None:
    attacks = pairs("attack", "support")
    assert not is_known(coefficient, attacks)
    assert not is_known(coefficient, pairs("yes", "true"))
    wanted = value(coefficient, FOURFOLD)
    assert value(coefficient, attacks, label="attack") == pytest.approx(wanted)
    assert value(coefficient, attacks, pos_label="attack") == pytest.approx(wanted)
    assert value(coefficient, attacks, labels=["attack", "support"]) == pytest.approx(wanted)
    turned = value(coefficient, pairs("yes", "no"), labels=["no", "yes"])
    assert turned == pytest.approx(value(coefficient, pairs("yes", "no"), label="no"))
    assert not is_known(coefficient, pairs(1, 0), average="macro")
