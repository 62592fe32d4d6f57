"""A sheet that was signed is made again to the same hash, whatever its edition learnt since."""

import pytest

from lipei.rules import edition, settle
from lipei.rules.statement import sheet

SIGNED = {
    (
        "own_damage_2020",
        "OD-01",
    ): "74bab657bc7c255621f93f4bae528533064653fba6f02fd66a90dc6388a9c563",
    (
        "own_damage_2020",
        "OD-02",
    ): "dfe47b68c3e0d7e7436bbb06f3925617a2974afea6324e7588fd9e604c436cc5",
    (
        "own_damage_2020",
        "OD-03",
    ): "ed059b2275fd90aab2070d7d2aa1409c066e3bc6e24c1f8c679d9f7d1805c06a",
    (
        "own_damage_2020",
        "OD-10",
    ): "1f87bbb7a1686e5b1ad3d05411ad5bad00b9502758ccfbb8274883eff1785bc2",
    (
        "third_party_2020",
        "TP-01",
    ): "134d9a9ba12d331e63af4fc1234f2c9c91ff16a45b3672975bee33ec887b0e31",
    (
        "third_party_2020",
        "TP-03",
    ): "a1cdb4fb7518bb94eff3e61881ba0bb19937fae51dae1c93127821cebb805fd7",
    (
        "third_party_2020",
        "TP-04",
    ): "bd98104fc111374189fbcd2b9e151fd70d1e4c37688e3c3123d651a911cac593",
}


@pytest.mark.parametrize(("name", "case_id"), SIGNED)
def test_a_sheet_signed_before_keeps_its_hash(name, case_id):
    held = edition(name)
    (case,) = (case for case in held.cases if case.name.startswith(f"{case_id} "))
    row = case.rows[0]
    made = sheet(settle(held, facts=row.facts, terms=row.terms), reference="E-1")
    assert made.digest == f"sha256:{SIGNED[name, case_id]}"
