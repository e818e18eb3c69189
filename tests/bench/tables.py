"""The figures as Markdown."""

from collections.abc import Sequence

from tests.bench.load import Figure

HEAD = ("operation", "clients", "per second", "p50 ms", "p95 ms", "CPU ms", "CPU to floor", "answers")


def table(figures: Sequence[Figure]) -> str:
    """A line a figure; the floor of as many clients is what its processor time is compared with."""
    floors = {figure.clients: figure.cpu() for figure in figures if figure.name == "floor"}
    return drawn(HEAD, [line(figure, floors[figure.clients]) for figure in figures])


def line(figure: Figure, floor: float) -> list[str]:
    return [
        figure.name,
        str(figure.clients),
        f"{figure.per_second():.0f}",
        f"{figure.milliseconds(0.5):.1f}",
        f"{figure.milliseconds(0.95):.1f}",
        f"{figure.cpu():.2f}",
        f"{figure.cpu() / floor:.1f}",
        str(figure.answers()),
    ]


def growth_of(few: Figure, many: Figure) -> list[str]:
    return [many.name, f"{many.cpu() / few.cpu():.1f}"]


def drawn(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---", *["--:"] * (len(head) - 1)], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
