"""A department as an older version left it: its tables at an earlier state, its rows put in by SQL.

The state is that before the house kept why jobs fail and which party answers; every later
migration is then an upgrade over a department with open claims and running time limits.
"""

import hashlib
import json
from datetime import UTC, datetime

import psycopg

from lipei.run.database import Database, surroundings
from lipei.run.environment import managed
from lipei.run.home import Home
from lipei.run.migrate import grant

BACK = """
from django.core.management import call_command
for app, state in (
    ("auth", None), ("sessions", None), ("axes", None), ("otp_totp", None), ("otp_static", None),
    ("procrastinate", None), ("kit", "0002"), ("general", "0011"), ("intake", "0003"),
    ("assessment", "0008"), ("payment", "0002"), ("archive", "0002"),
):
    call_command("migrate", app, *([state] if state else []), verbosity=0)
"""
OVERDUE_EVERY = 10
"""Of so many claims one has a time limit that has run out and was not marked yet."""

PEOPLE = """
INSERT INTO general_branch (id, code, name, path) VALUES (1, '3101', '上海分公司', '/1/');
INSERT INTO general_party (id, kind, name, phone, id_type, id_sealed, id_digest, id_tail)
VALUES (1, 'person', '旧客户', '13900000001', 'resident_id', '', '', '');
INSERT INTO general_policy (id, number, line, branch_id, holder_id, insured_id, plate, vin,
  vehicle, starts_at, ends_at, premium_paid)
VALUES (1, 'OLDER0001', 'motor', 1, 1, 1, '沪B00001', '', '{}', now() - interval '100 days',
  now() + interval '265 days', true);
"""
CLAIMS = """
INSERT INTO general_claim (number, branch_id, branch_path, line, policy_id, reporter_id,
  reporter_relation, channel, stage, is_open, lost_at, reported_at, recorded_at, place, cause,
  story, injured, plate, phone, facts, estimate, flags, holder, holder_since, next_due_at,
  next_due_clause, next_due_started_at, officer_id, awaits_estimate)
SELECT 'OLD' || lpad(n::text, 9, '0'), 1, '/1/', 'motor', 1, 1, 'insured', 'app', 'accepted',
  true, now() - interval '2 days', now() - interval '1 day', now() - interval '1 day', '春和路',
  'collision', '', false, '沪B00001', '', '{}', '{}', '{}', 'insurer', now(), NULL, '', NULL,
  NULL, false
FROM generate_series(1, %(claims)s::int) n;
"""
PARTS = """
INSERT INTO general_exposure (claim_id, position, product, edition, terms, thing, label, stage,
  sides, reserve_fen, agreed_fen, paid_fen)
SELECT id, 1, 'own_damage', 'own_damage_2020', '{}', 'own_vehicle', plate, 'accepted', '{}',
  180000, 0, 0 FROM general_claim WHERE number LIKE 'OLD%%';
"""
CLOCKS = """
INSERT INTO general_clock (claim_id, clause, edition, started_at, due_at, warn_at, void, pauses)
SELECT c.id, x.clause, '2025', now() - interval '1 day',
  CASE WHEN c.id %% %(every)s = 0 AND x.n = 1 THEN now() - interval '1 minute'
    ELSE now() + make_interval(days => 2 + (c.id %% 9)::int) END, NULL, false, '[]'
FROM general_claim c, (VALUES (1, '2.3-a'), (2, '1.3-k'), (3, 'K2')) AS x(n, clause)
WHERE c.number LIKE 'OLD%%';
"""


def lay(home: Home, database: Database, *, claims: int) -> None:
    """The tables as they were, with so many open claims, three running time limits on each."""
    environment = surroundings(database, home=home, url=database.owner_url)
    managed("shell", "--no-imports", "-c", BACK, environment=environment, logs=home.logs)
    grant(database)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(PEOPLE)
        connection.execute(CLAIMS, {"claims": claims})
        connection.execute(PARTS, {})
        connection.execute(CLOCKS, {"every": OVERDUE_EVERY})
        told = connection.execute("SELECT number FROM general_claim ORDER BY id").fetchall()
        with connection.cursor() as cursor:
            cursor.executemany(
                "WITH entry AS (INSERT INTO kit_entry (subject, number, verb, clause, actor,"
                " occurred_at, recorded_at, facts, line, hash) VALUES (%s, 1,"
                " 'intake.claim_reported', '1.2-e', 'party/1', %s, %s, '{}', %s, %s))"
                " INSERT INTO kit_chain (subject, number, head) VALUES (%s, 1, %s)",
                [_entry(f"claim/{number}") for (number,) in told],
            )


def _entry(subject: str) -> tuple[object, ...]:
    """The first entry of a chain, as the journal writes it."""
    at = datetime.now(UTC)
    instant = str(int(at.timestamp() * 1_000_000))
    told = ["sha256", "", subject, 1, "intake.claim_reported", "1.2-e", "party/1", instant, instant]
    line = f"{json.dumps(told, ensure_ascii=False, separators=(',', ':'))[:-1]},{{}}]"
    digest = hashlib.sha256(line.encode()).hexdigest()
    return subject, at, at, line, digest, subject, digest
