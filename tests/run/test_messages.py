"""Finding the sentences that must be translated."""

import polib
import pytest

from lipei.run.messages import Message, compare, in_python, in_template, write

TEMPLATE = """
{% load i18n %}{% translate "报案" %}{% translate "开" context "keys" %}
{% blocktranslate with name=person.name %}打电话给{{ name }}{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}
{% include "c/card.html" with title=_("材料清单") only %}{{ words|default:_("没有") }}
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _
A = _("待材料")
B = pgettext_lazy("tab", "进度")
C = ngettext("%(n)s 日", "%(n)s 日们", 2)
D = print("不译")
"""


def test_every_way_of_writing_a_sentence_in_a_template_is_found():
    assert set(in_template(TEMPLATE)) == {
        Message("", "报案", ""),
        Message("keys", "开", ""),
        Message("", "打电话给%(name)s", ""),
        Message("", "%(n)s 件", "%(n)s 件们"),
        Message("", "材料清单", ""),
        Message("", "没有", ""),
    }


def test_sentences_in_python_are_found_and_others_left():
    assert set(in_python(PYTHON)) == {
        Message("", "待材料", ""),
        Message("tab", "进度", ""),
        Message("", "%(n)s 日", "%(n)s 日们"),
    }


@pytest.fixture
def book():
    made = polib.POFile()
    made.append(polib.POEntry(msgid="报案", msgstr="Report"))
    made.append(polib.POEntry(msgid="旧的", msgstr="Old"))
    made.append(polib.POEntry(msgid="空的", msgstr=""))
    return made


def test_what_is_empty_is_missing_and_what_nobody_says_is_unused(book):
    said = frozenset({Message("", "报案", ""), Message("", "空的", ""), Message("", "新的", "")})
    missing, unused = compare(said, book)
    assert [message.text for message in missing] == ["新的", "空的"]
    assert [message.text for message in unused] == ["旧的"]


def test_writing_adds_what_is_missing_and_keeps_what_was_translated(book, tmp_path):
    path = tmp_path / "django.po"
    book.save(str(path))
    write([Message("tab", "进度", "")], [Message("", "旧的", "")], path=path)
    after = polib.pofile(str(path))
    assert after.find("报案").msgstr == "Report"
    assert after.find("旧的") is None
    assert after.find("进度").msgctxt == "tab"
