"""The tags in which templates ask for parts."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings

PLAIN = override_settings(
    STORAGES={
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
)


@pytest.fixture(autouse=True)
def plain_statics():
    with PLAIN:
        yield


def rendered(text, **context):
    return Template(text).render(Context(context))


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in rendered('{% icon "camera" %}')
    named = rendered('{% icon "x" label="去掉" %}')
    assert 'role="img" aria-label="去掉"' in named
    assert "aria-hidden" not in named


def test_money_is_written_from_whole_fen():
    assert "¥9,500.00" in rendered("{% money fen %}", fen=950_000)
    assert rendered("{{ fen|yuan }}", fen=1) == "0.01"


def test_no_money_is_a_dash_not_a_nought():
    assert "—" in rendered("{% money fen %}", fen=None)


def test_what_people_typed_is_escaped_in_every_part():
    typed = '"><script>alert(1)</script>'
    text = (
        "{% tag typed %}{% masked typed kind='plate' %}{% icon typed label=typed %}"
        '{% part "c/card.html" title=typed %}{{ typed }}{% fill end %}{{ typed }}{% endfill %}'
        "{% endpart %}{% manual_ref typed url=typed %}"
    )
    assert "<script>" not in rendered(text, typed=typed)


def test_a_part_sees_only_what_it_is_given():
    secret = rendered('{% part "c/empty.html" title="空" %}{% endpart %}', words="不该看见")
    assert "不该看见" not in secret


def test_fills_of_an_inner_part_do_not_reach_the_outer_one():
    text = (
        '{% part "c/card.html" title="外" %}'
        '{% part "c/card.html" title="内" %}{% fill foot %}里面的{% endfill %}{% endpart %}'
        "{% endpart %}"
    )
    assert rendered(text).count("里面的") == 1


def test_a_fill_may_stand_under_a_condition():
    text = (
        '{% part "c/card.html" title="卡" %}{% if yes %}{% fill foot %}脚注{% endfill %}'
        "{% endif %}{% endpart %}"
    )
    assert "脚注" in rendered(text, yes=True)
    assert "脚注" not in rendered(text, yes=False)


def test_a_form_inside_a_part_keeps_its_token():
    request = RequestFactory().get("/")
    text = (
        '{% part "c/confirm_dialog.html" id="d" title="拒赔" url="/x/" act="拒赔" %}{% endpart %}'
    )
    page = Template(text).render(Context({"request": request, "csrf_token": "the-token"}))
    assert 'value="the-token"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        "{% part %}{% endpart %}",
        '{% part "c/card.html" loose %}{% endpart %}',
        "{% fill %}{% endfill %}",
    ],
)
def test_a_part_that_is_written_wrongly_is_refused(wrong):
    with pytest.raises(TemplateSyntaxError):
        Template(wrong)


def test_the_words_for_scripts_cannot_end_their_block():
    page = rendered('{% page_words "claimant" %}')
    assert page.count("</script>") == 1
    assert page.startswith('<script type="application/json"')
