"""A folder of product editions of the installation's own, with one changed edition in it."""

import pytest

from lipei.rules import open_folder

TERMS = """product = "own_damage"
chosen_by = "policy"
starts_on = 2026-01-01
formula = "own_damage_2020"

[title]
zh = "机动车损失保险（2026 版，待批准）"
en = "Own damage cover (2026, awaiting approval)"

[terms.deductible_fen]
default = {deductible_fen}
"""
CASES = """[usual]
sum_insured_fen = 20_000_000

[[case]]
name = "the deductible is taken off unless the policy bought another one"
repair_cost_fen = 940_000
benefit_fen = {benefit_fen}
"""


class Editions:
    """The installation's folder: editions can be laid into it and changed."""

    def __init__(self, place):
        self.place = place

    def lay(self, name="own_damage_2026", *, deductible_fen=50_000, terms=TERMS, cases=CASES):
        folder = self.place / name
        folder.mkdir(exist_ok=True)
        told = terms.replace("{deductible_fen}", str(deductible_fen))
        kept = cases.replace("{benefit_fen}", str(940_000 - deductible_fen))
        folder.joinpath("terms.toml").write_text(told, "utf-8")
        folder.joinpath("cases.toml").write_text(kept, "utf-8")
        return name


@pytest.fixture
def editions(tmp_path):
    place = tmp_path / "products"
    place.mkdir()
    open_folder(place)
    yield Editions(place)
    open_folder(None)
