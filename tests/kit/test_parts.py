"""Parts of a file: few, small, thrown away in time."""

import os
from uuid import uuid4

import pytest

from lipei.kit import parts
from lipei.kit.refusal import Refused

OWNER = "party/1"


def kept(key: str, content: bytes = b"abc", *, owner: str = OWNER) -> None:
    told = f"bytes 0-{len(content) - 1}/{len(content)}"
    parts.keep_part(owner, client_id=key, number=0, content_range=told, content=content)


def test_what_was_kept_is_read_as_one_and_can_be_thrown_away() -> None:
    key = str(uuid4())
    kept(key)
    stream = parts.whole(OWNER, client_id=key, size=3)
    assert [stream.read(2), stream.read(2), stream.read(2)] == [b"ab", b"c", b""]
    parts.throw_away(OWNER, client_id=key)
    with pytest.raises(Refused, match="upload_incomplete"):
        parts.whole(OWNER, client_id=key, size=3)


def test_the_parts_of_one_owner_are_not_anothers() -> None:
    key = str(uuid4())
    kept(key)
    with pytest.raises(Refused, match="upload_incomplete"):
        parts.whole("party/2", client_id=key, size=3)


def test_an_owner_has_few_unfinished_files_until_they_are_old() -> None:
    keys = [str(uuid4()) for _ in range(parts.MOST_UNFINISHED)]
    for key in keys:
        kept(key)
    with pytest.raises(Refused, match="too_many_uploads"):
        kept(str(uuid4()))
    kept(keys[0])
    kept(str(uuid4()), owner="party/2")
    age(keys[0])
    kept(str(uuid4()))


def test_what_nobody_finished_in_a_day_is_forgotten() -> None:
    old, young = str(uuid4()), str(uuid4())
    kept(old)
    kept(young)
    age(old)
    assert parts.forget_old_parts() == 1
    assert parts.whole(OWNER, client_id=young, size=3).read(9) == b"abc"


@pytest.mark.parametrize(
    "told", ["", "bytes", "bytes 0-2/x", "bytes 2-0/3", "bytes 0-3/3", "bytes 0-2/99999999999999"]
)
def test_a_range_that_makes_no_sense_is_refused(told: str) -> None:
    with pytest.raises(Refused, match="upload_part_wrong"):
        parts.keep_part(OWNER, client_id=str(uuid4()), number=0, content_range=told, content=b"abc")


def test_a_file_that_would_be_too_large_is_refused_at_its_first_part() -> None:
    size = 10**9
    told = f"bytes 0-{parts.PART_BYTES - 1}/{size}"
    with pytest.raises(Refused, match="file_too_large"):
        parts.keep_part(
            OWNER, client_id=str(uuid4()), number=0, content_range=told,
            content=bytes(parts.PART_BYTES),
        )  # fmt: skip


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 36, "x" * 9000])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(Refused, match="request_key_wrong"):
        kept(name)


def age(key: str) -> None:
    """Let a file's parts be two days old."""
    folder = parts._folder(OWNER, key)
    past = folder.stat().st_mtime - 2 * parts.KEPT_SECONDS
    os.utime(folder, (past, past))
