"""One sum among beneficiaries (benefit_rules N1-N6): the first order of which anybody is left
takes it, by shares; where no beneficiary is left it belongs to the estate, and the heirs take it.

A row is one beneficiary or heir of the sum. The shares given in one order make 100% at most; where
they make less and nobody is without one, the sum is divided in proportion to them.
"""

from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    capped,
    chosen,
    only_if,
    positive,
    ratio_of,
    rest_of,
)
from lipei.rules.sharing import Key, largest_of, shared, sum_of

EARLIEST = 200
HEIRS = 100
"""Places in the order are counted down from here; heirs, whatever their order, come after the
99th beneficiary."""


@rule(clause="age", zh="按真实年龄应给付的保险金", en="The sum for the true age")
def due_fen(sum_fen: Fen, premium_paid_fen: Fen, premium_due_fen: Fen) -> Fen:
    """The sum, in the ratio of the premium paid to the premium due where too little was paid
    (N5). Too much premium is given back and changes nothing here."""
    ratio = ratio_of(sum_fen, capped(premium_paid_fen, premium_due_fen), premium_due_fen)
    return chosen(premium_due_fen > 0, ratio, sum_fen)


@rule(
    clause="age",
    zh="减：申报年龄不真实",
    en="Less: age misstated",
    sign="-",
    why=(
        "实付保险费 {premium_paid_fen}，应付 {premium_due_fen}",
        "{premium_paid_fen} of premium was paid, {premium_due_fen} was due",
    ),
)
def misstated_fen(sum_fen: Fen, due_fen: Fen) -> Fen:
    """What the sum loses in the ratio of the premiums."""
    return sum_fen - due_fen


@rule(clause="gone", zh="尚享有权利", en="Still entitled")
def is_left(standing_code: Fen) -> Flag:
    """Neither dead before the insured (or in the same event, the order unknown: N4), nor
    without right."""
    left: Flag = standing_code == 0
    return left


@rule(clause="shares", zh="顺位（大者在先）", en="Place, the highest first")
def place_count(order_count: Fen, is_heir: Flag) -> Fen:
    """The first order stands highest; heirs stand below every beneficiary (N3)."""
    return chosen(is_heir, EARLIEST - HEIRS - order_count, EARLIEST - order_count)


@rule(clause="gone", zh="受领保险金的顺位", en="The place that takes the sum")
def called_count(place_count: Fen, is_left: Flag, event_key: Key) -> Fen:
    """The first order of which anybody is left (N2)."""
    return largest_of(only_if(is_left, place_count), event_key)


@rule(clause="gone", zh="属于受领顺序", en="Belongs to the order that takes the sum")
def is_called(place_count: Fen, called_count: Fen) -> Flag:
    """Named in the order that takes the sum, left or gone."""
    called: Flag = place_count == called_count
    return called


@rule(clause="shares", zh="该顺序已约定的份额合计", en="Shares given in this order")
def told_bp(share_bp: BasisPoints, is_called: Flag, is_heir: Flag, event_key: Key) -> BasisPoints:
    """What is given of the sum within this order; heirs take equal parts (N3)."""
    return sum_of(only_if(is_called & ~is_heir, share_bp), event_key)


@rule(clause="shares", zh="该顺序未约定份额的人数", en="Persons of this order without a share")
def untold_count(share_bp: BasisPoints, is_called: Flag, is_heir: Flag, event_key: Key) -> Fen:
    """Who was named without a share."""
    return sum_of(is_called & (is_heir | (share_bp == 0)), event_key)


@rule(clause="shares", zh="分配权数", en="Weight")
def weight_count(
    share_bp: BasisPoints, told_bp: BasisPoints, untold_count: Fen, is_heir: Flag
) -> Fen:
    """The share that was given; what the given shares leave is equal among those without one,
    and all is equal where none was given (N1)."""
    is_told = (share_bp > 0) & ~is_heir
    shares = share_bp * chosen(untold_count > 0, untold_count, untold_count + 1)
    return chosen(is_told, shares, positive(rest_of(told_bp)))


@rule(clause="gone", zh="实际分配权数", en="Weight among those who are left")
def left_weight_count(weight_count: Fen, is_called: Flag, is_left: Flag, event_key: Key) -> Fen:
    """What one who is gone would have had falls to the others of the order in proportion (N2);
    equally where nothing was given to any of these."""
    takes = is_called & is_left
    weight = only_if(takes, weight_count)
    return chosen(sum_of(weight, event_key) > 0, weight, takes.astype(weight.dtype))


@rule(clause="shares", zh="受益人应得", en="This beneficiary's part")
def entitled_fen(due_fen: Fen, left_weight_count: Fen, event_key: Key) -> Fen:
    """The sum in proportion to the weights, to the last fen."""
    return shared(due_fen, left_weight_count, event_key)


@rule(
    clause="gone",
    zh="减：已无受益权部分",
    en="Less: no longer entitled",
    sign="-",
    why=(
        "先于被保险人死亡（同时死亡先后不明的推定在先）、放弃或者丧失权利",
        "Died before the insured, or is taken to have; or renounced or lost the right",
    ),
)
def gone_fen(due_fen: Fen, is_left: Flag) -> Fen:
    """The whole sum, for one who is gone."""
    return only_if(~is_left, due_fen)


@rule(
    clause="estate",
    zh="减：由在先顺序受领",
    en="Less: taken by an earlier order",
    sign="-",
    why=("尚有在先顺序的受益人或者继承人", "A beneficiary or heir of an earlier order is left"),
)
def earlier_fen(due_fen: Fen, is_left: Flag, is_called: Flag) -> Fen:
    """The whole sum, for one whose turn does not come."""
    return only_if(is_left & ~is_called, due_fen)


@rule(
    clause="shares",
    zh="减：属于同一顺序其他人的份额",
    en="Less: the parts of others in the same order",
    sign="-",
    why=("约定份额；未约定的等额", "By the shares that were given, equal where none was"),
)
def others_fen(due_fen: Fen, entitled_fen: Fen, gone_fen: Fen, earlier_fen: Fen) -> Fen:
    """What the others of the order take."""
    return due_fen - entitled_fen - gone_fen - earlier_fen


@rule(clause="advance", zh="尚未支付", en="Not yet paid")
def unpaid_fen(entitled_fen: Fen, paid_before_fen: Fen, beneficiary_key: Key) -> Fen:
    """What the advance leaves of all that this person is entitled to (N6)."""
    return positive(sum_of(entitled_fen, beneficiary_key) - paid_before_fen)


@rule(
    clause="advance",
    zh="减：已先予支付",
    en="Less: paid in advance",
    sign="-",
    why=("此前已付 {paid_before_fen}", "{paid_before_fen} was paid before"),
)
def advanced_fen(entitled_fen: Fen, benefit_fen: Fen) -> Fen:
    """What was paid before; a higher advance is not taken back here."""
    return entitled_fen - benefit_fen


@rule(clause="sum", zh="应付该受益人", en="Paid to this beneficiary", sign="=")
def benefit_fen(unpaid_fen: Fen, entitled_fen: Fen, beneficiary_key: Key) -> Fen:
    """The difference between the part and what was paid in advance (N6)."""
    return shared(unpaid_fen, entitled_fen, beneficiary_key)
