"""The ground on which the bench stands: a company, customers with policies, claims and clocks."""

import os

import psycopg
from django.core.management import call_command

from lipei.site import demonstration

TABLES = (
    "general_clock", "general_exposure", "intake_material", "intake_document", "general_task",
    "general_message", "general_claim", "kit_answer", "general_token", "general_cover",
    "general_policy", "general_party",
)  # fmt: skip
CUSTOMERS = 20_000


def empty() -> None:
    """Let the bench, and only the bench, empty tables that refuse it."""
    for table in ("kit_entry", "kit_chain"):
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    execute(f"TRUNCATE {', '.join((*TABLES, 'kit_entry', 'kit_chain', 'kit_parked'))} CASCADE")
    for table in ("kit_entry", "kit_chain"):
        execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def lay() -> None:
    """Empty what a former run left, and lay out the company with its customers."""
    empty()
    execute("TRUNCATE kit_cursor")
    demonstration.lay_out()
    execute(
        """
        WITH party AS (
          INSERT INTO general_party (kind, name, phone, id_type, id_sealed, id_digest, id_tail)
          SELECT 'person', '客户' || n, '139' || lpad(n::text, 8, '0'), 'resident_id', '', '', ''
          FROM generate_series(1, %s::int) n RETURNING id, name
        ), policy AS (
          INSERT INTO general_policy (number, line, branch_id, holder_id, insured_id, plate, vin,
            vehicle, starts_at, ends_at, premium_paid)
          SELECT 'BENCH' || lpad(id::text, 12, '0'), 'motor',
            (SELECT id FROM general_branch WHERE code = '3101'), id, id,
            '沪B' || lpad((id %% 100000)::text, 5, '0'), '', '{"class": "middle"}',
            now() - interval '100 days', now() + interval '265 days', true
          FROM party RETURNING id
        )
        INSERT INTO general_cover (policy_id, product, edition, terms, starts_at, ends_at)
        SELECT policy.id, c.product, c.product || '_2020', c.terms::jsonb,
          now() - interval '100 days', now() + interval '265 days'
        FROM policy, (VALUES ('compulsory_motor', '{}'),
          ('own_damage', '{"sum_insured_fen": 15000000}'),
          ('third_party', '{"limit_fen": 200000000}')) AS c(product, terms)
        """,
        [CUSTOMERS],
    )
    call_command("collectstatic", "--noinput", verbosity=0)
    execute("ANALYZE")


OPEN_CLAIMS = """
INSERT INTO general_claim (number, branch_id, branch_path, line, policy_id, reporter_id,
  reporter_relation, channel, stage, is_open, lost_at, reported_at, recorded_at, place, cause,
  story, injured, plate, phone, facts, estimate, flags, holder, holder_since, next_due_at,
  next_due_clause, next_due_started_at, officer_id, awaits_estimate)
SELECT 'B' || lpad(n::text, 12, '0'), b.id, b.path, 'motor', p.id, p.insured_id, 'insured', 'app',
  (ARRAY['estimated','applied','accepted','registered','assessed','reviewing','approved',
    'agreed'])[1 + n %% 8], true, now() - interval '2 days', now() - interval '1 day',
  now() - interval '1 day', '春和路', 'collision', '', false, p.plate, '', '{}', '{}', '{}',
  (ARRAY['insurer','claimant'])[1 + n %% 2], now(),
  now() + make_interval(mins => ((n::bigint * 7919 %% 43200) - 4000)::int), '2.3-a',
  now() - interval '1 day',
  CASE WHEN n %% 400 = 0 THEN s.id WHEN n %% 10 > 0 THEN other.id END, n %% 50 = 0
FROM generate_series(%s::int, %s::int) n
JOIN (SELECT id, insured_id, plate, branch_id, row_number() OVER () - 1 AS r
  FROM general_policy WHERE number LIKE 'BENCH%%') p ON p.r = n %% %s
JOIN general_branch b ON b.id = p.branch_id
JOIN general_staff s ON s.username = 'wangmin'
CROSS JOIN LATERAL (SELECT id FROM general_staff WHERE id <> s.id ORDER BY id LIMIT 1) other
"""


def open_claims(first: int, last: int) -> None:
    """Add open claims with exposures and kept answers, numbered from `first` to `last`."""
    execute(OPEN_CLAIMS, [first, last, CUSTOMERS])
    execute(
        "INSERT INTO general_exposure (claim_id, position, product, edition, terms, thing, label,"
        " stage, sides, reserve_fen, agreed_fen, paid_fen) SELECT id, 1, 'own_damage',"
        " 'own_damage_2020', '{}', 'own_vehicle', plate, stage, '{}', 180000, 0, 0"
        " FROM general_claim WHERE number BETWEEN %s AND %s",
        [f"B{first:012d}", f"B{last:012d}"],
    )
    execute(
        "INSERT INTO kit_answer (actor, command, key, body_hash, answer, at) SELECT 'party/' ||"
        " reporter_id, 'file_claim', number, '', jsonb_build_object('number', number), recorded_at"
        " FROM general_claim WHERE number BETWEEN %s AND %s",
        [f"B{first:012d}", f"B{last:012d}"],
    )
    # as a department that has stood for a while: else the server tidies up while it is measured
    for table in ("general_claim", "general_exposure", "kit_answer"):
        execute(f"VACUUM ANALYZE {table}")


def execute(sql: str, asked: list[object] | None = None) -> None:
    """Run one statement of the bench's own, as the owner of the tables."""
    with psycopg.connect(os.environ["LIPEI_OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute(sql, asked or None)
