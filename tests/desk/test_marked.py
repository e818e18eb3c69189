"""The text of a reading is cut without losing or moving a character."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.marked import lanes_of, pieces

TEXT = "😊 Cities are safer. é عمان\r\nThe sheriff disagrees."


@st.composite
def spans(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    found = []
    for _ in range(draw(st.integers(0, 12))):
        cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=6)))
        found.append(list(zip(cuts[::2], cuts[1::2], strict=False)))
    return found


@given(spans())
def test_the_pieces_joined_are_the_text_and_each_is_under_the_marks_that_cover_it(
    found: list[list[tuple[int, int]]],
) -> None:
    at = 0
    begun: list[int] = []
    for piece in pieces(TEXT, found):
        end = at + len(piece.text)
        assert TEXT[at:end] == piece.text
        covering = {index for index, span in enumerate(found) if any(a <= at and end <= b for a, b in span)}
        assert set(piece.marks) == covering
        begun += piece.starts
        at = end
    assert at == len(TEXT)
    assert sorted(begun) == list(range(len(found)))


@given(spans())
def test_spans_that_overlap_never_share_a_line(found: list[list[tuple[int, int]]]) -> None:
    lanes = lanes_of(found)
    for one, span in enumerate(found):
        for other in range(one):
            apart = span[0][0] >= found[other][-1][1] or found[other][0][0] >= span[-1][1]
            assert apart or lanes[one] != lanes[other]


def test_spans_apart_share_the_first_line() -> None:
    assert lanes_of([[(0, 5)], [(5, 9)], [(3, 6)]]) == [0, 0, 1]
