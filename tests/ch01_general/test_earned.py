"""Earned premium is told by month, line and branch; what was not told is never nought."""

from datetime import date

import pytest

from lipei.ch01_general.earned import Figure, earned_fen, read_figures, tell_earned_premium
from lipei.ch01_general.models import EarnedPremium
from lipei.kit import journal
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
BY = "system/console"


def figure(month: date = MAY, fen: int = 100_000, line: str = "motor", branch: str = "3101"):
    return Figure(month, line, branch, fen)


def test_what_was_not_told_is_no_figure_and_never_nought(department):
    assert earned_fen(MAY, MAY) is None
    tell_earned_premium(figure(), by=BY)
    assert earned_fen(MAY, MAY) == 100_000
    assert earned_fen(MAY, JUNE) is None
    assert earned_fen(MAY, MAY, line="health") is None
    tell_earned_premium(figure(JUNE, 0), by=BY)
    assert earned_fen(MAY, JUNE) == 100_000


def test_a_figure_is_put_right_forward_and_what_stood_stays(department):
    assert tell_earned_premium(figure(), by=BY) == 100_000
    assert tell_earned_premium(figure(), by=BY) == 0
    assert tell_earned_premium(figure(fen=90_000), by=BY) == -10_000
    rows = EarnedPremium.objects.order_by("pk").values_list("amount_fen", "corrects")
    assert list(rows) == [(100_000, False), (-10_000, True)]
    assert earned_fen(MAY, MAY) == 90_000
    told = journal.history("month/2026-05")
    assert [e.facts["change_fen"] for e in told] == [100_000, -10_000]


def test_figures_add_up_over_lines_and_below_a_branch(department):
    tell_earned_premium(figure(), by=BY)
    tell_earned_premium(figure(line="health", fen=1), by=BY)
    tell_earned_premium(figure(branch="31", fen=10), by=BY)
    assert earned_fen(MAY, MAY) == 100_011
    assert earned_fen(MAY, MAY, branch_path="/00/31/3101/") == 100_001
    assert earned_fen(MAY, MAY, line="health") == 1


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"month": date(2026, 5, 2)}, "month_wrong"), ({"month": date(2199, 1, 1)}, "month_wrong"),
        ({"line": "pets"}, "choice_unknown"), ({"branch": "99"}, "branch_unknown"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_refused(department, changed, slug):
    with pytest.raises(Refused, match=slug):
        tell_earned_premium(figure(**changed), by=BY)


def test_who_may_not_bring_premiums_in_tells_none(department):
    with pytest.raises(Refused, match="branch_unknown"):
        tell_earned_premium(figure(), by=steps.CLERK)


def test_a_file_of_figures_is_read_row_by_row(tmp_path):
    path = tmp_path / "premiums.csv"
    path.write_text(
        '月份,险类,机构代码,已赚保费(元)\n2026-05,车险,3101,"1,000.50"\n202606,健康险,3101,-20\n'
        "2026年6月,意外险,3101,(5.00)\n13月,车险,3101,1\n2026-05,宠物险,,1万\n"
    )
    figures, faults = read_figures(path)
    assert figures == [
        figure(fen=100_050), figure(JUNE, -2_000, "health"), figure(JUNE, -500, "accident"),
    ]  # fmt: skip
    assert [(f.row, f.slug) for f in faults] == [
        (5, "day_cell_wrong"), (6, "choice_unknown"), (6, "cell_missing"),
    ]  # fmt: skip
