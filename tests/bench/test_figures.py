"""The benchmark's own arithmetic; the benchmark itself is run by `make bench`."""

import os
import time

import pytest

from tests.bench.load import Figure, Round, quantile
from tests.bench.meters import Meter, cpu_of, share_of
from tests.bench.tables import growth_of, table


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.5, 5.0),
        ([3, 1, 2], 0.5, 2),
        ([4, 1, 3, 2], 0.5, 2),
        (range(1, 101), 0.95, 95),
        (range(1, 11), 0.95, 10),
    ],
)
def test_a_quantile_is_the_smallest_value_that_this_share_does_not_exceed(
    values: list[float], share: float, expected: float
) -> None:
    assert quantile(list(values), share) == expected


def test_one_bad_round_does_not_speak_for_all() -> None:
    calm, rough = Round((0.001,) * 100, 1.0, 0.2), Round((1.0,) * 2, 2.0, 2.0)
    figure = Figure("save", 1, [calm, rough, calm])
    assert (figure.per_second(), figure.milliseconds(0.95), figure.cpu()) == (100.0, 1.0, 2.0)
    assert figure.answers() == 202


def test_processor_time_is_compared_with_the_floor_of_as_many_clients() -> None:
    figures = [
        Figure("floor", 1, [Round((0.001,) * 10, 1.0, 0.01)]),
        Figure("save", 1, [Round((0.002,) * 10, 1.0, 0.03)]),
        Figure("floor", 16, [Round((0.001,) * 10, 1.0, 0.02)]),
        Figure("save", 16, [Round((0.002,) * 10, 1.0, 0.03)]),
    ]
    lines = table(figures).splitlines()
    assert lines[3] == "| save | 1 | 10 | 2.0 | 2.0 | 3.00 | 3.0 | 10 |"
    assert lines[5] == "| save | 16 | 10 | 2.0 | 2.0 | 3.00 | 1.5 | 10 |"
    assert growth_of(figures[0], figures[1]) == ["save", "3.0"]


def test_the_fields_of_a_process_are_read_past_any_name() -> None:
    stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 1 2 3 4 250 50 9 9 20 0 1 0 5 6 7"
    assert cpu_of(stat) == 300 / os.sysconf("SC_CLK_TCK")
    assert share_of("Rss: 4096 kB\nPss:           2048 kB\nPss_Dirty: 1 kB\n") == 2


def test_a_meter_sees_this_process_work_and_its_memory() -> None:
    meter = Meter(os.getpid())
    before, end = meter.cpu_seconds(), time.process_time() + 0.1
    while time.process_time() < end:
        sum(range(1000))
    assert meter.cpu_seconds() - before >= 0.05
    assert 1 < meter.megabytes() < 100_000
