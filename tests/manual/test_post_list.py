"""Posts: who carries which duty, and which duties never meet in one hand."""

from pathlib import Path

import pytest

from lipei.manual import clause, posts
from lipei.manual.post_list import read_posts


def test_the_posts_of_the_department_and_its_parties_are_listed() -> None:
    codes = " ".join(posts().by_code)
    assert codes == "CU CS SP LA KC RV INV MG FN AR LG CO AU IT PT"
    assert {posts().by_code[code].side for code in ("CU", "PT")} == {"customer", "partner"}


def test_every_duty_is_carried_by_somebody() -> None:
    carried = posts().duties_of(posts().by_code)
    assert carried == frozenset(posts().duties)


def test_every_rule_of_segregation_cites_a_clause_that_exists() -> None:
    for rule in posts().apart:
        assert clause(rule.clause).id == rule.clause


@pytest.mark.clause("4.1-f")
def test_calculator_reviewer_maker_and_checker_are_four_people_on_one_claim() -> None:
    steps = ("calculate", "review.decide", "pay.make", "pay.check")
    for one in steps:
        for other in steps:
            barred = posts().bars(one, done=[other])
            assert (barred is not None) is (one != other), (one, other)


def test_who_investigated_does_not_review_the_same_claim() -> None:
    assert posts().bars("review.decide", done=["claims.view", "investigate.do"])
    assert posts().bars("review.decide", done=["claims.view"]) is None


def test_the_system_administrator_holds_no_other_post() -> None:
    assert posts().clash(["IT", "FN"]) == ("IT", "FN")
    assert posts().clash(["IT"]) is None
    assert posts().clash(["SP", "FN"]) is None


def test_the_customer_and_the_administrator_see_no_claims_of_others() -> None:
    for code in ("CU", "IT", "PT"):
        assert "claims.view" not in posts().by_code[code].duties


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[post]]\ncode="X"\nzh="x"\nen="x"\nside="staff"\nduties=["fly"]', "post X: unkn"),
        ('[[post]]\ncode="X"\nzh="x"\nen="x"\nside="moon"\nduties=[]', "unknown side"),
        ('[[duty]]\nname="Fly High"\nzh="飞"\nen="fly"', "duty Fly High: name must look"),
        ('[[apart]]\nfirst="a"\nsecond="b"\nscope="claim"\nclause="K2"', "unknown first"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "posts.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=why):
        read_posts(path)
