"""The same files in a bucket: S3Store against a bucket of our own on loopback."""

import hashlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("boto3", reason="boto3 is not installed (optional: lipei[s3])")

from django.test import RequestFactory

from lipei.kit import files
from lipei.kit.outside import Outage
from lipei.kit.refusal import Refused
from tests.kit import samples


class Bucket(ThreadingHTTPServer):
    """As much of S3 as the store needs: put, get with ranges, head, delete."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Door)
        self.objects, self.puts, self.error = {}, 0, None


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.error is None:
            self.server.puts += 1
            self.server.objects[self.path] = content
        self.answer(200)

    def do_GET(self):
        content = self.server.objects.get(self.path)
        if content is None:
            return self.answer(404)
        asked = self.headers.get("Range")
        if asked is None:
            return self.answer(200, content)
        first, last = asked.removeprefix("bytes=").split("-")
        return self.answer(206, content[int(first) : int(last) + 1])

    def do_HEAD(self):
        content = self.server.objects.get(self.path)
        self.answer(404 if content is None else 200, content or b"")

    def do_DELETE(self):
        self.server.objects.pop(self.path, None)
        self.answer(204)

    def answer(self, status, content=b""):
        if self.server.error is not None:
            status, code = self.server.error
            content = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        elif status == 404:
            content = b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture(autouse=True)
def bucket(settings, monkeypatch):
    server = Bucket()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.LIPEI_FILES_S3 = f"s3://evidence/house?endpoint={address}&region=cn-test-1"
    yield server
    server.shutdown()
    server.server_close()


def keep(content):
    return files.keep(io.BytesIO(content), filename="x.jpg")


def test_a_photo_lies_in_the_bucket_under_its_digest_once(bucket):
    photo = samples.picture()
    digest = keep(photo).sha256
    assert keep(photo).sha256 == digest == hashlib.sha256(photo).hexdigest()
    path = f"/evidence/house/{digest[:2]}/{digest[2:4]}/{digest}"
    assert bucket.objects == {path: photo}
    assert bucket.puts == 1
    with files.open_original(digest) as original:
        assert original.read() == photo
    assert files.is_intact(digest)
    bucket.objects[path] = photo[:-1]
    assert not files.is_intact(digest)


def test_it_is_drawn_and_served_from_there(bucket):
    film, photo = samples.film(), samples.picture()
    response = files.serve(
        RequestFactory().get("/", headers={"range": "bytes=100-199"}),
        sha256=keep(film).sha256,
        filename="x",
    )
    assert b"".join(response.streaming_content) == film[100:200]
    digest = keep(photo).sha256
    drawn = files.display(digest, size="thumb")
    assert any(path.endswith(f"{digest}.thumb.webp") for path in bucket.objects)
    assert files.display(digest, size="thumb") == drawn


def test_what_is_refused_never_reaches_the_bucket(bucket):
    with pytest.raises(Refused):
        keep(samples.picture()[:-2000])
    assert bucket.objects == {}


def test_erasing_empties_the_bucket(bucket):
    digest = keep(samples.picture()).sha256
    files.display(digest, size="page")
    files.erase(digest)
    assert bucket.objects == {}
    with pytest.raises(FileNotFoundError):
        files.open_original(digest)


def test_a_full_bucket_is_a_refusal_and_a_closed_one_an_outage(bucket):
    photo = samples.picture()
    bucket.error = (403, "AccessDenied")
    with pytest.raises(Outage):
        keep(photo)
    bucket.error = (507, "XMinioStorageFull")
    with pytest.raises(Refused) as caught:
        keep(photo)
    assert caught.value.slug == "storage_full"
    bucket.error = None
    assert keep(photo)


def test_a_bucket_out_of_reach_is_an_outage(bucket, settings):
    settings.LIPEI_FILES_S3 = "s3://evidence?endpoint=http://127.0.0.1:9&region=x"
    with pytest.raises(Outage) as caught:
        keep(samples.picture())
    assert caught.value.party == "files"
