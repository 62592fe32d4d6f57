"""The recipe of the outside world names every switch and every test account there is."""

from pathlib import Path

from counterpart.bank import TEST_ACCOUNTS
from counterpart.control import COMMON
from counterpart.messages import TEST_PHONES
from counterpart.services import SERVICES

RECIPE = Path(__file__).resolve().parents[2] / "docs" / "recipes" / "outside-world.md"


def test_the_recipe_is_complete():
    told = RECIPE.read_text()
    switches = [f"`{name}`" for one in SERVICES for name in [*COMMON, *one.settings]]
    missing = [name for name in switches if name not in told]
    assert missing == []
    for account, (check, reason) in TEST_ACCOUNTS.items():
        row = next(line for line in told.splitlines() if account in line)
        assert f"| {check} |" in row
        assert (reason or "never credited") in row
    assert all(phone in told for phone in TEST_PHONES)
