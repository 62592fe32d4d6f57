"""Same claim, same payout: claims that are alike in facts and unlike in payout (1.1-d).

Peers have the same line, cause, cover, severity and region, and were decided within the months of
the clause; fewer than its number of peers are no ground for a check. What is compared is the share
of the assessed loss that is paid: sums of claims that are alike differ with the loss itself.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from lipei.ch01_general.actors import Actor
from lipei.kit import clock
from lipei.manual import authority, clause

SEEN_BY = ("review.decide", "reports.view", "audit.read", "clauses.propose", "clauses.change")
MOST = 200

_UNLIKE = """
WITH newest AS (
  SELECT DISTINCT ON (c.exposure_id) c.exposure_id, c.benefit_fen
  FROM assessment_calculation c JOIN assessment_decision d ON d.calculation_id = c.id
  WHERE d.outcome = 'approved' AND d.decided_at >= %(at)s - make_interval(months => %(months)s)
  ORDER BY c.exposure_id, c.version DESC
), sums AS (
  SELECT k.number AS claim, k.branch_path, e.position, n.benefit_fen, e.assessed_fen, k.line,
    k.cause, e.product, width_bucket(e.assessed_fen, %(bands)s::bigint[]) AS band,
    coalesce(nullif(split_part(k.branch_path, '/', 3), ''), split_part(k.branch_path, '/', 2))
      AS region,
    div(n.benefit_fen::numeric * 10000, e.assessed_fen)::bigint AS share_bp
  FROM newest n JOIN general_exposure e ON e.id = n.exposure_id
  JOIN general_claim k ON k.id = e.claim_id
  WHERE e.assessed_fen > 0
), peers AS (
  SELECT line, cause, product, band, region, count(*) AS peers,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY share_bp) AS median_bp
  FROM sums GROUP BY line, cause, product, band, region HAVING count(*) >= %(peers)s
)
SELECT claim, position, line, cause, product, band, region, peers, assessed_fen, benefit_fen,
  share_bp, median_bp
FROM sums JOIN peers USING (line, cause, product, band, region)
WHERE abs(share_bp - median_bp) * 10000 > %(tolerance)s * median_bp
  AND branch_path LIKE ANY(%(seen)s)
ORDER BY abs(share_bp - median_bp) DESC, claim, position LIMIT %(most)s
"""


@dataclass(frozen=True)
class Unlike:
    """A sum whose share of the loss lies outside the band around its peers' median."""

    claim: str
    position: int
    line: str
    cause: str
    product: str
    band: int
    region: str
    peers: int
    assessed_fen: int
    benefit_fen: int
    share_bp: int
    median_bp: int

    @property
    def expected_fen(self) -> int:
        """What the peers' median share of this loss would be."""
        return self.assessed_fen * self.median_bp // 10_000


def unlike_their_peers(acting: Actor) -> list[Unlike]:
    """The decided sums that differ from their peers by more than the clause allows, the largest
    difference first; all claims are peers, those are listed that the reader may see."""
    row = clause("1.1-d")
    told: dict[str, Any] = {
        "at": clock.now(), "months": row.limit("lookback").value,
        "peers": row.limit("peers").value, "tolerance": row.limit("tolerance").value,
        "bands": bands(), "seen": [f"{path}%" for path in acting.paths("claims.view")],
        "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE, told)
        return [Unlike(*found) for found in cursor.fetchall()]


def bands() -> list[int]:
    """Where each band of severity begins: just above the steps of authority over losses."""
    steps = authority().steps["loss_assessment"]
    return [step.upto_fen + (step.operator == "<=") for step in steps if step.upto_fen is not None]
