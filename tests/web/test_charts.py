"""Charts: bars as long as what they stand for, none outside of the drawing, and axes that end in plain numbers."""

from itertools import pairwise
from random import Random

import pytest

from api.web.overview.charts import KINDS, WIDTH, Chart, Column, columns, rows, scale


@pytest.mark.parametrize(
    ("most", "expected"), [(0, (1, 1)), (1, (1, 1)), (5, (5, 1)), (6, (6, 2)), (23, (25, 5)), (430, (500, 100))]
)
def test_axes_end_in_plain_numbers(most: float, expected: tuple[float, float]) -> None:
    """No more than a few lines, in steps of one, two or five."""
    assert scale(most) == expected


@pytest.mark.parametrize("count", [0, 1, 6, 12, 30])
def test_columns_stack_to_their_totals(count: int) -> None:
    """In the kinds' order from the floor upwards, each as high as its part, apart from its neighbours."""
    chance = Random(count)
    found = [Column(f"c{n}", {kind: chance.randrange(50) for kind in KINDS}) for n in range(count)]
    chart = columns(found)
    inside(chart)
    per = {bar.x: sum(one.height for one in chart.bars if one.x == bar.x) for bar in chart.bars}
    totals = [one.total for one in found if one.total]
    assert len(per) == len(totals)
    heights = [height / total for height, total in zip(per.values(), totals, strict=True)]
    assert max(heights, default=1) - min(heights, default=1) < 0.02 * max(heights, default=1)
    labels = [text.said for text in chart.texts if text.said.startswith("c")]
    assert len(labels) <= 10
    assert labels[-1:] == [f"c{n}" for n in range(count)][-1:]


def test_rows_are_cut_at_the_edge_and_marked() -> None:
    """What is past the end is drawn to the end; the mark stands where its value is."""
    found = [Column("a", {"eligible": 0.5}, "a half"), Column("b", {"ineligible": 9.0}, "too much"), Column("c")]
    chart = rows(found, end=2, mark=1)
    inside(chart)
    first, second = chart.bars
    assert second.width == pytest.approx(4 * first.width, abs=1)
    assert [line.x for line in chart.lines] == [pytest.approx(2 * first.width, abs=1)] * 3
    assert [text.said for text in chart.texts if text.said] == ["a", "a half", "b", "too much", "c"]


def test_parts_of_a_row_follow_each_other() -> None:
    """Without a gap, and the longest row fills the width there is for bars."""
    chart = rows([Column("a", {"eligible": 3, "review": 1}), Column("b", {"conditional": 2})])
    upper = [bar for bar in chart.bars if bar.y == chart.bars[0].y]
    assert all(one.x + one.width == pytest.approx(other.x, abs=0.2) for one, other in pairwise(upper))
    assert [bar.kind for bar in chart.bars] == ["eligible", "review", "conditional"]


def inside(chart: Chart) -> None:
    """Nothing is drawn beyond the edges."""
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
    assert all(0 <= line.x <= WIDTH and 0 <= line.y <= chart.height for line in chart.lines)
    assert all(0 <= text.x <= WIDTH and 0 < text.y <= chart.height for text in chart.texts)
