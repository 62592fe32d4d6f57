"""Evidence as it comes through the door: kept whole and untouched, or refused by name."""

import errno
import hashlib
import io
import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from lipei.kit import clock, files
from lipei.kit.files import stores
from lipei.kit.refusal import Refused
from tests.kit import samples

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "images"
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.LIPEI_FILES = str(tmp_path / "files")
    settings.LIPEI_FILES_S3 = ""
    settings.LIPEI_FILES_LIMITS = {}
    return tmp_path / "files"


def keep(content, *, name="photo.jpg", limits=None):
    return files.keep(io.BytesIO(content), filename=name, limits=limits)


def refused(content, *, name="photo.jpg", limits=None):
    with pytest.raises(Refused) as caught:
        keep(content, name=name, limits=limits)
    return caught.value.slug


def left_over(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


@pytest.mark.clause("2.2-h")
def test_a_photo_is_kept_under_its_digest_and_untouched(home):
    photo = samples.picture()
    kept = keep(photo, name="现场 照片.JPG")
    digest = hashlib.sha256(photo).hexdigest()
    assert (kept.sha256, kept.size, kept.media_type) == (digest, len(photo), "image/jpeg")
    assert (kept.width, kept.height, kept.filename) == (640, 480, "现场 照片.jpg")
    assert left_over(home) == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    with files.open_original(digest) as original:
        assert original.read() == photo
    assert files.is_intact(digest)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (samples.picture(), "image/jpeg"),
        (samples.picture(format="PNG"), "image/png"),
        (samples.picture(format="WEBP"), "image/webp"),
        (samples.picture(mode="CMYK"), "image/jpeg"),
        (samples.picture(mode="L", format="PNG"), "image/png"),
        (samples.picture(mode="P", format="PNG"), "image/png"),
        (samples.picture(progressive=True), "image/jpeg"),
        (samples.heic(), "image/heic"),
        (samples.pdf(), "application/pdf"),
        (samples.ofd(), "application/ofd"),
        (samples.film(), "video/mp4"),
        (samples.film(brand=b"qt  "), "video/quicktime"),
        (samples.webm(), "video/webm"),
    ],
)
def test_the_type_comes_from_the_bytes_whatever_the_name_says(content, media_type):
    for name in ("x.jpg", "x.exe", "x", "", "../../etc/passwd", "x.html"):
        assert keep(content, name=name).media_type == media_type
    assert files.type_of(keep(content).sha256) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        b"MZ" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"just words",
        b"<html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<!DOCTYPE html>",
        b"\xff\xd8\xff\xe0<script>alert(1)</script>",
        b"%PDF-1.7\n<html><body>",
        samples.ofd(root=None, more=[("word/document.xml", b"<w/>")]),
        samples.ofd(root=b"<html xmlns='x'/>"),
        samples.film(brand=b"M4A "),
        samples.film(handler=b"soun"),
        samples.webm(kind=2),
        samples.heic(brand=b"avif"),
    ],
)
def test_what_is_no_evidence_is_not_taken(content, home):
    assert refused(content) == "file_type_not_taken"
    assert left_over(home) == []


def test_a_paper_is_not_taken_where_only_photos_are():
    only_photos = files.Limits(kinds=frozenset({files.Kind.IMAGE}))
    assert refused(samples.pdf(), limits=only_photos) == "file_type_not_taken"
    assert keep(samples.picture(), limits=only_photos)


def test_an_empty_file_is_refused(home):
    assert refused(b"") == "file_empty"
    assert left_over(home) == []


@pytest.mark.parametrize(
    "content",
    [
        samples.picture()[:-2000],
        samples.picture(format="PNG")[:-2000],
        samples.picture(format="WEBP")[:-2000],
        samples.picture()[:20],
        b"\xff\xd8\xff" + bytes(500),
        samples.heic()[:-20],
        b"%PDF-1.7 nothing more",
        samples.pdf()[: len(samples.pdf()) // 4],
        samples.ofd(more=[("a", b"x" * 9000)])[:-30],
        samples.ofd(root=b"<ofd:OFD"),
        samples.ofd(root=b"<!DOCTYPE a [<!ENTITY b 'c'>]><OFD>&b;</OFD>"),
        samples.film()[:-100],
        samples.webm()[:90],
    ],
)
@pytest.mark.clause("2.2-h")
def test_a_broken_or_cut_off_file_is_refused(content, home):
    assert refused(content) == "file_broken"
    assert left_over(home) == []


def test_an_ofd_whose_bytes_were_changed_is_refused():
    whole = bytearray(samples.ofd(more=[("page.xml", os.urandom(3000))]))
    whole[len(whole) // 2] ^= 0xFF
    assert refused(bytes(whole)) == "file_broken"


def test_a_locked_pdf_is_refused_and_one_that_only_forbids_changes_is_taken():
    assert refused(samples.locked_pdf(user="secret")) == "file_encrypted"
    assert keep(samples.locked_pdf(user="")).pages == 2


def test_a_locked_ofd_is_refused():
    whole = bytearray(samples.ofd())
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(whole)) == "file_encrypted"


def test_bombs_are_refused_before_they_unfold(home):
    assert refused(samples.png_bomb()) == "file_bomb"
    assert refused(samples.ofd(more=[("a.xml", bytes(101 * MEGABYTE))])) == "file_bomb"
    many = [(f"{number}", b"") for number in range(5_001)]
    assert refused(samples.ofd(more=many)) == "file_bomb"
    assert refused(samples.pdf(pages=3), limits=files.Limits(pages=2)) == "file_bomb"
    assert left_over(home) == []


def test_a_progressive_photo_must_be_smaller_than_a_plain_one():
    most = files.Limits(jpeg_pixels=400_000, pixels=200_000)
    assert keep(samples.picture(), limits=most)
    assert refused(samples.picture(progressive=True), limits=most) == "file_bomb"
    assert refused(samples.picture(format="PNG"), limits=most) == "file_bomb"


def test_each_kind_has_its_own_limit_and_the_limit_itself_is_taken(settings, home):
    photo, film = samples.picture(), samples.film()
    settings.LIPEI_FILES_LIMITS = {"image_bytes": len(photo), "video_bytes": len(film) - 1}
    assert keep(photo)
    assert refused(film) == "file_too_large"
    settings.LIPEI_FILES_LIMITS = {"image_bytes": len(photo) - 1}
    files.erase(hashlib.sha256(photo).hexdigest())
    assert refused(photo) == "file_too_large"
    assert left_over(home) == []


def test_a_file_without_end_is_cut_off_at_the_limit():
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"\xff\xd8\xff" + bytes(size - 3)

    stream = Endless()
    with pytest.raises(Refused) as caught:
        files.keep(stream, filename="x")
    assert caught.value.slug == "file_too_large"
    assert "20 MB" in caught.value.words("zh")
    assert stream.given < 21 * MEGABYTE


def test_the_camera_is_asked_when_and_where():
    photo = samples.picture(exif=samples.exif())
    kept = keep(photo)
    assert kept.taken_at == datetime.fromisoformat("2026-03-04T05:06:07+09:00")
    assert kept.place == files.Place(31.23, -121.47)


@pytest.mark.parametrize("offset", [None, "   "])
def test_a_camera_without_a_zone_stands_in_china(offset):
    kept = keep(samples.picture(exif=samples.exif(offset=offset, gps=False)))
    assert kept.taken_at == datetime.fromisoformat("2026-03-04T05:06:07+08:00")
    assert kept.place is None


@pytest.mark.parametrize(
    "said",
    [
        samples.exif(stamp="0000:00:00 00:00:00"),
        samples.exif(stamp="yesterday"),
        samples.exif(offset="later"),
        samples.exif(stamp=None),
    ],
)
def test_a_camera_that_talks_nonsense_has_said_nothing(said):
    assert keep(samples.picture(exif=said)).taken_at is None


def test_broken_camera_words_do_not_refuse_a_good_photo():
    kept = keep(samples.picture(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + bytes(20)))
    assert (kept.width, kept.taken_at, kept.place) == (640, None, None)


def test_films_tell_their_size_and_time():
    film = keep(samples.film())
    assert (film.width, film.height, film.duration_ms) == (320, 180, 1500)
    assert film.taken_at == datetime.fromisoformat("2026-03-03T05:06:07+00:00")
    assert keep(samples.film(created=0)).taken_at is None
    turned = keep(samples.film(turned=True))
    assert (turned.width, turned.height) == (180, 320)
    browser = keep(samples.webm())
    assert (browser.width, browser.height, browser.duration_ms) == (640, 360, None)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_photo_of_an_iphone_is_seen_like_any_other(orientation):
    corners = Image.open(io.BytesIO(samples.corners()))
    if orientation != 1:
        corners = corners.transpose(Image.Transpose.ROTATE_90)
    photo = keep(samples.heic(corners, exif=samples.exif(orientation=orientation).tobytes()))
    assert (photo.media_type, photo.width, photo.height) == ("image/heic", 400, 200)
    assert photo.taken_at == datetime.fromisoformat("2026-03-04T05:06:07+09:00")
    drawn = files.display(photo.sha256, size="page")
    assert b"SecretMaker" not in drawn
    red, green, blue = Image.open(io.BytesIO(drawn)).getpixel((40, 40))
    assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_display_copy_stands_upright_and_tells_nothing(orientation):
    turned = Image.open(io.BytesIO(samples.corners()))
    backwards = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    if orientation in backwards:
        turned = turned.transpose(Image.Transpose(backwards[orientation]))
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=95, exif=samples.exif(orientation=orientation))
    kept = keep(out.getvalue())
    assert (kept.width, kept.height) == (400, 200)
    drawn = files.display(kept.sha256, size="page")
    assert b"SecretMaker" in out.getvalue()
    assert b"SecretMaker" not in drawn
    shown = Image.open(io.BytesIO(drawn))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (400, 200), {})
    red, _, blue = shown.getpixel((60, 40))
    assert red > 180 > blue
    red, _, blue = shown.getpixel((340, 160))
    assert blue > 180 > red


def test_display_copies_are_as_large_as_asked_and_drawn_once(home):
    kept = keep(samples.picture((2400, 1200)))
    page = files.display(kept.sha256, size="page")
    assert Image.open(io.BytesIO(page)).size == (1600, 800)
    thumb = files.display(kept.sha256, size="thumb")
    assert Image.open(io.BytesIO(thumb)).size == (320, 160)
    drawn_at = [path.stat().st_mtime_ns for path in home.rglob("*.webp")]
    assert files.display(kept.sha256, size="page") == page
    assert [path.stat().st_mtime_ns for path in home.rglob("*.webp")] == drawn_at
    small = keep(samples.picture((200, 100)))
    assert Image.open(io.BytesIO(files.display(small.sha256, size="page"))).size == (200, 100)


def test_transparent_ink_is_shown_on_paper():
    ink = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    out = io.BytesIO()
    ink.save(out, "PNG")
    drawn = files.display(keep(out.getvalue()).sha256, size="page")
    assert Image.open(io.BytesIO(drawn)).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("content", [samples.pdf(), samples.film()])
def test_what_cannot_be_drawn_has_no_display_copy(content):
    assert files.display(keep(content).sha256, size="page") is None


def test_the_same_file_twice_at_once_is_kept_once(home):
    photo = samples.picture((1500, 1000))
    together = threading.Barrier(8)

    def upload(_):
        together.wait()
        return keep(photo).sha256

    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(upload, range(8)))
    assert len(digests) == 1
    assert left_over(home) == [stores.key_of(digests.pop())]


def test_a_kept_file_is_read_only_and_a_damaged_one_is_found_and_healed(home):
    photo = samples.picture()
    digest = keep(photo).sha256
    path = home / stores.key_of(digest)
    assert path.stat().st_mode & 0o222 == 0
    path.chmod(0o600)
    path.write_bytes(photo[:-1])
    assert not files.is_intact(digest)
    keep(photo)
    assert files.is_intact(digest)


def test_an_upload_that_breaks_off_leaves_nothing(home):
    class Broken:
        first = True

        def read(self, size):
            if not self.first:
                raise ConnectionResetError
            self.first = False
            return samples.picture()[:9000]

    with pytest.raises(ConnectionResetError):
        files.keep(Broken(), filename="x.jpg")
    assert left_over(home) == []


def test_what_a_crash_left_behind_is_swept_after_a_day(home, time_machine):
    (home / "incoming").mkdir(parents=True)
    (home / "incoming" / "in-left").write_bytes(b"half")
    store = files.current_store()
    assert store.sweep() == 0
    time_machine.move_to(clock.now() + timedelta(days=2))
    assert store.sweep() == 1
    assert left_over(home) == []


def test_a_nearly_full_disk_refuses_before_the_first_byte(settings, home):
    settings.LIPEI_FILES_RESERVE_BYTES = 1 << 60
    assert refused(samples.picture()) == "storage_full"
    assert left_over(home) == []


def test_a_disk_that_fills_up_half_way_refuses_and_keeps_nothing(settings, home):
    settings.LIPEI_FILES_RESERVE_BYTES = 0
    with small_disk(home, size="1m"):
        assert keep(samples.picture((300, 200)))
        before = left_over(home)
        large = samples.picture((2000, 2000), quality=98)
        assert len(large) > MEGABYTE
        assert refused(large) == "storage_full"
        assert left_over(home) == before


def test_a_picture_is_shown_even_where_its_copy_cannot_be_kept(settings, home):
    digest = keep(samples.picture()).sha256
    settings.LIPEI_FILES_RESERVE_BYTES = 1 << 60
    assert files.display(digest, size="thumb")
    assert left_over(home) == [stores.key_of(digest)]


def test_other_disk_errors_are_not_called_full():
    with pytest.raises(OSError, match="Input/output"), stores.full_is_refused():
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_erasing_leaves_neither_original_nor_copies(home):
    digest = keep(samples.picture()).sha256
    files.display(digest, size="page")
    files.display(digest, size="thumb")
    files.erase(digest)
    files.erase(digest)
    assert left_over(home) == []
    with pytest.raises(FileNotFoundError):
        files.open_original(digest)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("..\\..\\x\\发票.pdf", "发票.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ('a"\r\nSet-Cookie: b.jpg', "aSet-Cookie b.jpg"),
        ("\x00", "file.jpg"),
        ("", "file.jpg"),
        ("..", "file.jpg"),
        ("长" * 300 + ".jpg", "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_made_harmless(name, plain):
    assert keep(samples.picture((20, 20)), name=name).filename == plain


def test_only_a_digest_is_a_key():
    for key in ("../../etc/passwd", "", "a" * 63, "A" * 64, "a" * 64 + "\n"):
        with pytest.raises(AssertionError):
            files.open_original(key)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/images is not there")
def test_real_pictures_are_kept_and_drawn():
    for path in sorted([*SHARED.glob("*.*g"), *SHARED.glob("near_dup/*.jpg")]):
        with path.open("rb") as upload:
            kept = files.keep(upload, filename=path.name)
        shown = Image.open(io.BytesIO(files.display(kept.sha256, size="page")))
        longest = max(kept.width, kept.height)
        assert max(shown.size) == min(longest, 1600), path.name
        assert (kept.width > kept.height) == (shown.width > shown.height), path.name


@contextmanager
def small_disk(folder, *, size):
    folder.mkdir(parents=True, exist_ok=True)
    told = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(told, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small disk cannot be mounted here (wants root)")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
