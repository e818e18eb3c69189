"""How many more documents two annotators must read for a narrower interval."""

from __future__ import annotations

from math import ceil

from annotator.agreement.figures import Figure


def more_documents(figure: Figure, *, documents: int, half_width: float) -> int | None:
    """Documents to add so that the interval reaches `half_width` to either side; 0 if it does already.

    Documents are what is resampled, so the width shrinks with the root of their number. The documents
    to come are taken to be like those read. None where the figure has no interval; ValueError for a
    half-width that is not positive.
    """
    if half_width <= 0:
        raise ValueError("a half-width is positive")
    if figure.interval is None:
        return None
    present = (figure.interval.high - figure.interval.low) / 2
    return max(0, ceil(documents * (present / half_width) ** 2 - documents - 1e-9))
