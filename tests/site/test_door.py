"""The outer door: hostile text in every place, errors in words, health without a session."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.urls import path

from lipei.kit.refusal import Refused
from lipei.site import middleware, urls
from lipei.site.pages import errors

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "security" / "blns" / "blns.json"
NUL = "a\x00b"
NUMBER = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def refused_page(request):
    raise Refused("claim_not_found")


def broken_page(request):
    raise RuntimeError("周晓芸 13800138000")


def unreachable_page(request):
    raise OperationalError("the server is gone")


def missing_page(request):
    raise Http404("周晓芸")


def bare_page(request):
    return HttpResponseNotAllowed(["GET"])


def raw_page(request):
    return HttpResponse(request.body)


def plain_page(request):
    return HttpResponse(request.POST.get("story", "ok"))


class Doors:
    """The product's addresses with a few that misbehave."""

    urlpatterns = (
        *(
            path(f"{prefix}{name}/", view)
            for prefix in ("try/", "m/try/", "api/try/")
            for name, view in (
                ("refused", refused_page), ("broken", broken_page), ("missing", missing_page),
                ("unreachable", unreachable_page), ("bare", bare_page), ("plain", plain_page),
                ("raw", raw_page),
            )
        ),
        *urls.urlpatterns,
    )  # fmt: skip
    handler400, handler403 = errors.bad_request, errors.forbidden
    handler404, handler500 = errors.not_found, errors.failed


@pytest.fixture
def doors(settings):
    settings.ROOT_URLCONF = Doors
    return Client(raise_request_exception=False)


def in_words(response, status, *words):
    """A page that says what is wrong and under which number to ask."""
    assert response.status_code == status, response.content.decode()
    page = response.content.decode()
    for word in words:
        assert word in page
    assert NUMBER.search(page)
    return page


# Hostile text


@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.get("/try/plain/%00"),
        lambda c: c.get("/try/plain/?q=%00"),
        lambda c: c.get("/try/plain/?%00=q"),
        lambda c: c.post("/try/plain/", {"story": NUL}),
        lambda c: c.post("/try/plain/", {NUL: "story"}),
        lambda c: c.post("/try/plain/", "story=%00", "application/x-www-form-urlencoded"),
        lambda c: c.post("/try/plain/", '{"a": "\\u0000"}', "application/json"),
        lambda c: c.post("/try/plain/", '{"\\ud800": 1}', "application/json"),
        lambda c: c.get("/try/plain/", headers={"Referer": NUL}),
        lambda c: c.get("/try/plain/", headers={"Cookie": 'lipei_session="a\\000b"'}),
    ],
    ids=["path", "query", "query key", "form", "form key", "urlencoded", "json", "json key",
         "header", "cookie"],
)  # fmt: skip
def test_nul_and_lone_surrogates_are_refused_everywhere(doors, send):
    in_words(send(doors), 400, "文字中含有无法保存的字符")


def test_bytes_that_are_no_utf8_never_reach_a_page_as_such(doors):
    form = "application/x-www-form-urlencoded"
    for body in ("story=%ED%A0%80", "story=%FF%FE", "story=%C0%80"):
        page = doors.post("/try/plain/", body, form)
        assert page.status_code in {200, 400}
        assert "\x00" not in page.content.decode()


def test_a_hostile_name_of_a_file_is_no_danger(doors):
    file = SimpleUploadedFile("a\x00.jpg", b"x", content_type="image/jpeg")
    assert doors.post("/try/plain/", {"file": file}).status_code in {200, 400}


def test_json_that_cannot_be_read_is_refused_for_pages_too(doors):
    in_words(doors.post("/try/plain/", "{", "application/json"), 400, "请求的内容无法读取")


def test_a_form_where_a_raw_body_is_read_is_refused_as_such(doors):
    in_words(doors.post("/try/raw/", {"story": "x"}), 415, "不接收这种格式的请求")
    assert doors.post("/try/raw/", b"x", "application/octet-stream").status_code == 200


def test_bodies_have_an_upper_end(doors, settings):
    in_words(doors.post("/try/plain/", b" " * 1_100_000, "application/json"), 413, "1 MB")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    form = "application/x-www-form-urlencoded"
    in_words(doors.post("/try/plain/", "story=" + "x" * 2000, form), 413)
    in_words(doors.post("/try/plain/", {"story": "x" * 2000}), 413)


def test_too_many_fields_and_a_broken_form_are_told(doors):
    in_words(doors.post("/try/plain/", {f"f{n}": "1" for n in range(600)}), 400)
    broken = doors.post("/try/plain/", b"--x", "multipart/form-data; boundary=" + "\u00e9")
    in_words(broken, 400)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings are not here")
def test_naughty_strings_reach_a_page_unharmed_or_are_refused(doors):
    for text in json.loads(NAUGHTY.read_text("utf-8")):
        response = doors.post("/try/plain/", {"story": text})
        assert response.status_code in {200, 400}, text
        if response.status_code == 200:
            assert response.content.decode() == text


# Errors in words


def test_a_refusal_is_a_page_with_clause_and_next_step(doors):
    page = in_words(doors.get("/try/refused/"), 404, "没有找到这个案件", "请核对案件号", "1.4-f")
    assert "<html" in page


def test_htmx_gets_a_part_and_programs_get_a_problem(doors):
    part = doors.get("/try/refused/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'role="alert"' in part
    problem = doors.get("/api/try/refused/")
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["slug"] == "claim_not_found"


@pytest.mark.parametrize("prefix", ["/try", "/m/try"])
def test_errors_are_told_in_both_languages(doors, prefix):
    in_words(doors.get(f"{prefix}/refused/?lang=en"), 404, "There is no such claim")
    assert doors.cookies["lipei_language"].value == "en"
    in_words(doors.get(f"{prefix}/refused/"), 404, "There is no such claim")
    in_words(doors.get(f"{prefix}/refused/?lang=zh-hans"), 404, "没有找到这个案件")


@pytest.mark.parametrize(("wish", "words"), [("en-GB,en;q=0.9", "There is no"), ("zh-CN", "没有找到"), ("fr", "没有找到"), ("\x7f;;,,", "没有找到")])  # fmt: skip # noqa: E501
def test_the_browsers_wish_is_followed_where_it_can_be(doors, wish, words):
    response = doors.get("/try/refused/", headers={"Accept-Language": wish})
    assert words in response.content.decode()
    assert "Accept-Language" in response["Vary"]


def test_a_failure_tells_its_number_and_logs_nothing_that_was_typed(doors, caplog):
    page = in_words(doors.get("/try/broken/?name=李四"), 500, "这是我们的问题")
    (entry,) = [r for r in caplog.records if r.name == "lipei.site"]
    assert entry.args[0] in page
    assert "周晓芸" not in page
    assert "李四" not in entry.getMessage()
    assert "周晓芸" not in entry.getMessage()


def test_a_database_out_of_reach_is_told_as_such(doors):
    response = doors.get("/try/unreachable/")
    in_words(response, 503, "暂时不可用")
    assert response["Retry-After"] == "10"
    problem = doors.get("/api/try/unreachable/").json()
    assert problem["slug"] == "out_of_order"


def test_missing_pages_and_wrong_methods_are_told(doors):
    assert "周晓芸" not in in_words(doors.get("/try/missing/"), 404, "没有这个页面")
    in_words(doors.get("/nowhere/"), 404, "没有这个页面")
    response = doors.get("/try/bare/")
    in_words(response, 405, "不支持这种操作")
    assert response["Allow"] == "GET"


def test_a_form_from_elsewhere_is_told_in_words(settings):
    settings.ROOT_URLCONF = Doors
    client = Client(enforce_csrf_checks=True)
    in_words(client.post("/try/plain/", {"a": "b"}), 403, "页面已过期")


def test_an_unknown_host_is_told_in_words(doors):
    in_words(doors.get("/try/plain/", headers={"Host": "evil.example"}), 400)


def test_too_many_failed_sign_ins_are_told_in_words(doors, settings):
    settings.AXES_COOLOFF_TIME = 0.25
    request = RequestFactory().get("/login/")
    in_words(middleware.locked_out(request, None, {}), 429, "账号已暂时锁定", "15 分钟")
