"""The refused rows of an import as a file: as they came, with what is wrong and what to do."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lipei.ch01_general.models import PolicyImport
from lipei.ch01_general.policy_import import refused_rows
from lipei.kit.refusal import Refused
from lipei.kit.tables import safe_cell

BOM = "\ufeff"


class _Echo:
    """Gives back what is written to it, so that a row is sent as soon as it is made."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def reject_lines(run: PolicyImport, *, language: str) -> Iterator[str]:
    """The file line by line; no cell of it is a formula."""
    writer = csv.writer(_Echo())
    head = [_("行号"), _("有什么问题"), _("怎么办")]
    yield BOM + str(writer.writerow([*head, *map(safe_cell, run.columns)]))
    for row, faults in refused_rows(run):
        said = [Refused(one.slug, **one.params) for one in faults]
        wrong = [f"{one.column}：{no.words(language)}" if one.column else no.words(language)
                 for one, no in zip(faults, said, strict=True)]  # fmt: skip
        steps = dict.fromkeys(no.next_step(language) for no in said)
        cells = [safe_cell(row.cells[column]) for column in run.columns]
        yield str(writer.writerow([row.number, " ".join(wrong), " ".join(steps), *cells]))
