"""The list of people as a file, with a line that says who took it and when."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.duties import note_export
from lipei.ch01_general.models import Staff
from lipei.kit import clock
from lipei.site.desk.export import BOM, Echo, safe
from lipei.site.people.listing import FILTERS, Asked, page, wanted

VIEW = "people"


def exported(asked: Asked, acting: Actor, *, person: Staff) -> StreamingHttpResponse:
    """The file, page by page; its taking is recorded before the first row leaves (6.1-d)."""
    filters = [name for name in FILTERS if getattr(asked, name)]
    note_export(by=acting.reference, view=VIEW, searched=bool(asked.q), filters=filters)
    at = clock.now().astimezone(clock.LOCAL)
    mark = f"{person.name} {person.username} {at:%Y-%m-%d %H:%M:%S}"
    response = StreamingHttpResponse(
        _lines(wanted(asked, acting), mark=mark), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="people-{at:%Y%m%d-%H%M%S}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(rows: QuerySet[Staff], *, mark: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    watermark = [_("导出人与时间"), mark, _("仅供本公司理赔使用")]
    yield BOM + writer.writerow(watermark)
    yield writer.writerow([_("工号"), _("姓名"), _("用户名"), _("电话"), _("机构"), _("岗位"),
                           _("有效证书"), _("状态")])  # fmt: skip
    after = ""
    while True:
        found, after = page(rows, after=after)
        for one in found:
            told = [one.number, one.name, one.username, one.phone, one.branch, one.posts,
                    one.certificates, one.state]  # fmt: skip
            yield writer.writerow([safe(text) for text in told])
        if not after:
            break
    yield writer.writerow(watermark)
