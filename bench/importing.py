"""A file of policies brought in: read, checked, sealed, written chunk by chunk, journal and all."""

import random
import resource
import tempfile
import time
from pathlib import Path

from bench import ground
from bench.table import Row
from lipei.ch01_general.models import Policy
from lipei.ch01_general.policy_import import begin_import, run_import, start_import
from lipei.site.demonstration import with_check_digit

POLICIES, PROMISED_S = 100_000, 60.0
BY = "system/bench"
HEAD = (
    "保单号,险类,机构代码,起期,止期,被保险人,被保险人证件号,被保险人手机,车牌号,车架号,"
    "险种,保额,保费已缴"
)


def measure(small: bool) -> list[Row]:
    """Bring policies in with their customers, then the same file again."""
    ground.lay()
    ground.execute("TRUNCATE general_policyimport CASCADE")
    number = POLICIES // 10 if small else POLICIES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "policies.csv")
        _write(path, number)
        before = Policy.objects.count()
        first_s = _brought_in(path)
        assert Policy.objects.count() - before == number
        again_s = _brought_in(path)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit = None if small else PROMISED_S
    return [
        Row(f"import of {number:,} policies, two covers each, by CSV", first_s, limit, "s"),
        Row("the same file again, which changes nothing", again_s, limit, "s"),
        Row("memory of the process that imports", memory_mb, None, "MB"),
    ]


def _brought_in(path: Path) -> float:
    began = time.perf_counter()
    with path.open("rb") as file:
        run = begin_import(file, by=BY)
    start_import(run.pk, mapping=run.mapping, trial=False, by=BY)
    done = run_import(run.pk, by=BY)
    assert not done.refused, list(done.faults.values_list("row", "column", "slug")[:5])
    return time.perf_counter() - began


def _write(path: Path, number: int) -> None:
    """A file as a core system exports it: a row for each cover, each policy with its own person."""
    chance = random.Random(20)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}\n")
        for n in range(number):
            born = (
                f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
            )
            identity = with_check_digit(f"310101{born}{n % 1000:03}")
            own = (f"IMP{n:09},车险,3101,2026-01-01,2026-12-31,客户{n},{identity},"
                   f"139{n % 10**8:08},沪A{n % 100_000:05},LSVAA4187E{n % 10**7:07}")  # fmt: skip
            file.write(f"{own},交强险,20万,是\n{own},三者险,200万,是\n")
