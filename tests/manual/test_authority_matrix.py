"""Authority: the level that an amount needs, to the fen."""

from pathlib import Path

import pytest

from lipei.manual import authority, posts
from lipei.manual.authority_matrix import read_authority


@pytest.mark.parametrize(
    ("amount_fen", "level"),
    [
        (0, "L1"),
        (5_000_00, "L1"),
        (5_000_01, "L2"),
        (50_000_00, "L2"),
        (50_000_01, "L3"),
        (200_000_00, "L3"),
        (200_000_01, "L4"),
        (500_000_00, "L4"),
        (500_000_01, "L5"),
    ],
)
@pytest.mark.clause("3.3-b")
def test_a_payout_needs_the_level_that_its_amount_says(amount_fen: int, level: str) -> None:
    assert authority().needed("coverage", amount_fen=amount_fen) == level
    assert authority().suffices(level, matter="coverage", amount_fen=amount_fen)


def test_a_lower_level_does_not_suffice_and_a_higher_one_does() -> None:
    assert not authority().suffices("L2", matter="coverage", amount_fen=50_000_01)
    assert authority().suffices("L4", matter="coverage", amount_fen=50_000_01)


def test_no_small_refusal_is_decided_below_level_3_nor_automatically() -> None:
    assert authority().needed("refusal", amount_fen=1) == "L3"
    assert authority().needed("refusal", amount_fen=199_999_99) == "L3"
    assert authority().needed("refusal", amount_fen=200_000_00) == "L5"
    assert not authority().suffices("L0", matter="refusal", amount_fen=1)


def test_every_matter_has_a_level_for_every_amount() -> None:
    for matter in authority().steps:
        assert authority().needed(matter, amount_fen=10**13) in {"L2", "L3", "L4", "L5"}


def test_the_levels_name_posts_that_exist() -> None:
    for level in authority().levels:
        assert set(level.posts) <= set(posts().by_code)
    assert authority().level("L0").posts == ()
    with pytest.raises(KeyError, match="no level L9"):
        authority().level("L9")


LEVELS = "".join(
    f'[[level]]\ncode = "{code}"\nzh = "级"\nen = "{code}"\nposts = []\n' for code in ("L1", "L2")
)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ('[[step]]\nmatter="m"\nlevel="L1"\nupto_fen=5\n', "last step must have no end"),
        ('[[step]]\nmatter="m"\nlevel="L7"\n', "unknown level 'L7'"),
        (
            '[[step]]\nmatter="m"\nlevel="L2"\nupto_fen=5\n[[step]]\nmatter="m"\nlevel="L1"\n',
            "does not rise",
        ),
        ('[[step]]\nmatter="m"\nlevel="L1"\nupto_fen=-5\n', "negative"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, steps: str, why: str) -> None:
    path = tmp_path / "authority.toml"
    path.write_text(LEVELS + steps, "utf-8")
    with pytest.raises(ValueError, match=why) as error:
        read_authority(path)
    assert "step m" in str(error.value)
