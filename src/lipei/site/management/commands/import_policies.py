"""`lipei import policies`: bring a file in here, with a bar; an interrupted one goes on."""

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lipei.ch01_general.models import ImportMapping, PolicyImport
from lipei.ch01_general.policy_import import begin_import, run_import, start_import
from lipei.kit import clock
from lipei.kit.bar import Bar
from lipei.kit.refusal import Refused
from lipei.site.import_rejects import reject_lines

SOME_REFUSED = 2
BY = "system/console"
MOST_SHOWN = 10


class Command(BaseCommand):
    """The same command as the page's; what was killed goes on after its last chunk."""

    help = "Bring policies with their customers in from a CSV, XLSX or Parquet file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, read how, and whether it is only tried."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--mapping", default="")
        parser.add_argument("--column", action="append", default=[])
        parser.add_argument("--as-of", dest="as_of", type=date.fromisoformat)
        parser.add_argument("--rejects", type=Path)

    def handle(self, *args: object, file: Path, dry_run: bool, **told: object) -> None:
        """Read it to its end; the exit code is 2 when some rows were refused."""
        try:
            run = self._started(file, dry_run, told)
            done = run_import(run.pk, by=BY, seen=Bar())
        except Refused as no:
            field = f" ({no.params['field']})" if "field" in no.params else ""
            words = f"{no.words('en')}{field}\n       {no.next_step('en')}"
            raise CommandError(words) from no
        self._tell(done, trial=dry_run, rejects=told["rejects"])
        if done.refused:
            raise SystemExit(SOME_REFUSED)

    def _started(self, file: Path, dry_run: bool, told: dict[str, object]) -> PolicyImport:
        """The import, begun or taken up where it was left."""
        with file.open("rb") as stream:
            run = begin_import(stream, by=BY)
        if run.state == PolicyImport.State.IMPORTING and not dry_run:
            self.stdout.write(f"It goes on after row {run.row_done:,}.")
            return run
        mapping = dict(run.mapping)
        if told["mapping"]:
            named = ImportMapping.objects.filter(name=told["mapping"]).first()
            if named is None:
                known = ", ".join(ImportMapping.objects.values_list("name", flat=True)) or "none"
                raise CommandError(f"There is no such mapping. Known are: {known}.")
            mapping = {f: c for f, c in named.mapping.items() if c in run.columns}
        columns = told["column"]
        assert isinstance(columns, list)
        mapping |= dict(one.partition("=")[::2] for one in columns)
        as_of = told["as_of"]
        first = datetime.min.time()
        at = datetime.combine(as_of, first, tzinfo=clock.LOCAL) if isinstance(as_of, date) else None
        return start_import(run.pk, mapping=mapping, trial=dry_run, by=BY, as_of=at)

    def _tell(self, run: PolicyImport, *, trial: bool, rejects: object) -> None:
        """What came of it, in a few lines."""
        say = self.stdout.write
        say(f"{run.read:,} policies{' tried, nothing written' if trial else ''}: "
            f"{run.added:,} new, {run.changed:,} changed, {run.same:,} the same, "
            f"{run.refused:,} refused")  # fmt: skip
        for one in run.faults.order_by("row", "pk")[:MOST_SHOWN]:
            no = Refused(one.slug, **one.params)
            say(f"  row {one.row}, {one.column or 'the whole row'}: {no.words('en')} "
                f"{no.next_step('en')}")  # fmt: skip
        if isinstance(rejects, Path) and run.refused:
            with rejects.open("w", encoding="utf-8", newline="") as target:
                target.writelines(reject_lines(run, language="en"))
            say(f"All refused rows: {rejects}")
