"""What a browser gets of a kept file: seen, never run."""

import io

import pytest
from django.test import RequestFactory
from PIL import Image

from lipei.kit import files
from tests.kit import samples


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.LIPEI_FILES = str(tmp_path / "files")
    settings.LIPEI_FILES_S3 = ""


def keep(content):
    return files.keep(io.BytesIO(content), filename="x").sha256


def served(sha256, *, filename="现场.jpg", size="original", method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return files.serve(request, sha256=sha256, filename=filename, size=size)


def body(response):
    return b"".join(response.streaming_content)


EVERYTHING = [
    samples.picture(),
    samples.picture(format="PNG"),
    samples.heic(),
    samples.pdf(),
    samples.ofd(),
    samples.film(),
    samples.webm(),
]


@pytest.mark.parametrize("content", EVERYTHING)
def test_every_original_comes_whole_and_can_do_nothing(content):
    response = served(keep(content))
    assert body(response) == content
    assert response["Content-Length"] == str(len(content))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Type"] in files.KINDS
    assert response["Cache-Control"] == "private, no-cache"


def test_pictures_and_films_are_shown_and_papers_are_saved():
    def disposition(content):
        return served(keep(content), filename="单据.x")["Content-Disposition"].split(";")[0]

    assert disposition(samples.picture()) == "inline"
    assert disposition(samples.film()) == "inline"
    assert disposition(samples.webm()) == "inline"
    assert disposition(samples.pdf()) == "attachment"
    assert disposition(samples.ofd()) == "attachment"
    assert disposition(samples.heic()) == "attachment"


def test_the_name_is_sent_in_full_and_splits_no_header():
    digest = keep(samples.pdf())
    sent = served(digest, filename='发 票"\r\nSet-Cookie: a=b.html')["Content-Disposition"]
    assert sent == "attachment; filename*=utf-8''%E5%8F%91%20%E7%A5%A8Set-Cookie%20a%3Db.pdf"


def test_a_picture_with_a_page_hidden_behind_it_stays_a_picture():
    digest = keep(samples.picture() + b"<script>alert(1)</script>")
    assert served(digest, filename="a.html")["Content-Type"] == "image/jpeg"
    drawn = served(digest, size="page")
    assert b"<script>" not in drawn.content


def test_the_display_copy_is_a_webp_under_the_same_guard():
    response = served(keep(samples.picture()), size="thumb")
    assert response["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(response.content)).size == (320, 240)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_what_has_no_display_copy_or_is_not_there_is_not_found():
    with pytest.raises(FileNotFoundError):
        served(keep(samples.pdf()), size="page")
    with pytest.raises(FileNotFoundError):
        served("0" * 64)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)],
)
def test_a_film_can_be_watched_from_the_middle(asked, start, end):
    film = samples.film()
    response = served(keep(film), range=asked)
    expected = film[start:end]
    assert response.status_code == 206
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    first = len(film) + start if start < 0 else start
    last = first + len(expected) - 1
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(film)}"


def test_a_stretch_beyond_the_end_is_cut_and_one_outside_is_refused():
    film = samples.film()
    digest = keep(film)
    cut = served(digest, range=f"bytes=10-{10 * len(film)}")
    assert (body(cut), cut["Content-Length"]) == (film[10:], str(len(film) - 10))
    for outside in (f"bytes={len(film)}-", "bytes=9-5", "bytes=-0"):
        response = served(digest, range=outside)
        assert (response.status_code, response["Content-Range"]) == (
            416,
            f"bytes */{len(film)}",
        )


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "-"])
def test_a_stretch_that_makes_no_sense_gets_the_whole(asked):
    film = samples.film()
    response = served(keep(film), range=asked)
    assert (response.status_code, body(response)) == (200, film)


def test_an_unchanged_file_is_not_sent_again():
    digest = keep(samples.picture())
    etag = served(digest)["ETag"]
    again = served(digest, **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert served(digest, size="thumb", **{"if-none-match": etag}).status_code == 200
    other = served(digest, range="bytes=0-9", **{"if-range": '"other"'})
    assert other.status_code == 200
    same = served(digest, range="bytes=0-9", **{"if-range": etag})
    assert same.status_code == 206


def test_a_look_at_the_head_sends_no_body():
    film = samples.film()
    response = served(keep(film), method="head")
    assert (body(response), response["Content-Length"]) == (b"", str(len(film)))
