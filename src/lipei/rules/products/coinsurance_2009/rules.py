"""Co-insurance 共同保险: what each insurer of one policy bears by its contract share (K3).

The rows of a claim are its co-insurers, listed whole, and their shares make 100%: the total falls
on them in proportion to their shares, to the fen. Where the leader pays the claimant all of it, it
recovers the others' shares; what each bears stays the same.
"""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, chosen, only_if
from lipei.rules.sharing import Key, shared


@rule(
    clause="shares",
    zh="减：由其他共保人承担",
    en="Less: borne by the other co-insurers",
    sign="-",
    part="share",
    why=("本共保人份额 {share_bp}", "This co-insurer's share is {share_bp}"),
)
def elsewhere_fen(payable_fen: Fen, benefit_fen: Fen) -> Fen:
    """The shares of the other co-insurers."""
    return payable_fen - benefit_fen


@rule(clause="shares", zh="本共保人承担", en="Borne by this co-insurer", sign="=")
def benefit_fen(payable_fen: Fen, share_bp: BasisPoints, event_key: Key) -> Fen:
    """The contract share; the fen left over go to the largest remainders (A2)."""
    return shared(payable_fen, share_bp, event_key)


@rule(clause="leader", zh="实际付给被保险人", en="Paid out to the insured")
def paid_out_fen(
    payable_fen: Fen, benefit_fen: Fen, is_leader: Flag, is_paid_by_leader: Flag, event_key: Key
) -> Fen:
    """Each its own share, or all of it by the leader who pays first (K3)."""
    by_leader_fen = shared(payable_fen, only_if(is_leader, payable_fen), event_key)
    return chosen(is_paid_by_leader, by_leader_fen, benefit_fen)
