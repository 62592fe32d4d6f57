"""The list as a file: exactly what is filtered, with a line that says who took it and when."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from lipei.ch01_general import worklist
from lipei.ch01_general.actors import Actor
from lipei.ch01_general.duties import note_export
from lipei.ch01_general.models import Staff
from lipei.kit import clock
from lipei.site.desk.listing import asked_of, wanted_of
from lipei.site.desk.rows import Row, faces_of
from lipei.site.faces import yuan_words

MOST_ROWS = 10_000
CHUNK = 500
BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """Gives back what is written to it, so that a row is sent as soon as it is made."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def exported(told: Mapping[str, str], acting: Actor, *, person: Staff) -> StreamingHttpResponse:
    """The file, row by row; its taking is recorded before the first row leaves (1.4-f)."""
    views = worklist.views_of(acting)
    asked = replace(asked_of(told, views), after="")
    wanted = wanted_of(asked, acting, views)
    filters = [name for name in ("line", "stage", "branch") if getattr(asked, name)]
    note_export(by=acting.reference, view=asked.view, searched=bool(asked.q), filters=filters)
    at = clock.now().astimezone(clock.LOCAL)
    response = StreamingHttpResponse(
        _lines(wanted, acting, mark=f"{person.name} {person.username} {at:%Y-%m-%d %H:%M:%S}"),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="claims-{at:%Y%m%d-%H%M%S}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(wanted: worklist.Wanted, acting: Actor, *, mark: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    watermark = [_("导出人与时间"), mark, _("仅供本公司理赔使用")]
    yield BOM + writer.writerow(watermark)
    yield writer.writerow(
        [_("案件号"), _("客户"), _("车牌"), _("险种与原因"), _("阶段"), _("说明"),
         _("金额（元）"), _("时限"), _("在谁手上"), _("经办人"), _("机构")]
    )  # fmt: skip
    after, sent = None, 0
    while sent < MOST_ROWS:
        rows, after = worklist.work_rows(wanted, after=after, most=CHUNK)
        for row in faces_of(rows, acting):
            yield writer.writerow([safe(text) for text in _columns(row)])
        sent += len(rows)
        if after is None:
            break
    if after is not None:
        words = _("只导出前 %(n)s 件，请缩小筛选范围") % {"n": MOST_ROWS}
        yield writer.writerow([words])
    yield writer.writerow(watermark)


def _columns(row: Row) -> list[str]:
    amount = "" if row.amount_fen is None else yuan_words(row.amount_fen).replace(",", "")
    return [
        row.number, row.name, row.plate, row.kind, row.stage, row.note, amount,
        row.clock.words, row.holder, row.officer, row.branch,
    ]  # fmt: skip


def safe(text: str) -> str:
    """The text so that no table program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
