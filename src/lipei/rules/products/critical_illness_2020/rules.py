"""Critical illness cover: an agreed sum at the first confirmed diagnosis, by the stage of the
illness; premiums back within the waiting period (benefit_rules H1-H4).

What treatment costs and what other insurers pay play no part. The severe stage, and a diagnosis
within the waiting period, end the contract.
"""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import ONE, ZERO, BasisPoints, Fen, Flag, capped, only_if, picked, portion
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

Count = Fen


@rule(clause="waiting", zh="在等待期内", en="Within the waiting period")
def is_waiting(
    effective_on: Days, diagnosed_on: Days, is_accident: Flag, waiting_days: Days
) -> Flag:
    """Diagnosed within the waiting period, which an accident does not have (H1)."""
    waits: Flag = days_between(effective_on, diagnosed_on) < only_if(~is_accident, waiting_days)
    return waits


@rule(clause="benefit", zh="给付比例", en="Ratio of the stage")
def stage_bp(
    stage_code: Count, mild_bp: BasisPoints, middle_bp: BasisPoints, severe_bp: BasisPoints
) -> BasisPoints:
    """The ratio of the stage that the illness has reached (H2)."""
    return picked(stage_code, mild_bp, middle_bp, severe_bp)


@rule(
    clause="benefit",
    zh="疾病保险金",
    en="Sum for the illness",
    sign="+",
    why=(
        "{diagnosed_on}确诊，基本保险金额的 {stage_bp}",
        "Diagnosed on {diagnosed_on}: {stage_bp} of the basic sum insured",
    ),
)
def stage_fen(sum_insured_fen: Fen, stage_bp: BasisPoints) -> Fen:
    """The share of the sum insured for the stage (H1, H2)."""
    return portion(sum_insured_fen, stage_bp)


@rule(clause="times", zh="请求终止合同的给付", en="Asks for what ends the contract")
def asks_end_count(stage_code: Count, is_waiting: Flag) -> Count:
    """The severe stage, or any within the waiting period, ends the contract (H1)."""
    return picked(stage_code, only_if(is_waiting, ONE), only_if(is_waiting, ONE), ONE)


@rule(clause="times", zh="合同尚未终止", en="Contract still in force")
def end_left_count(
    asks_end_count: Count,
    severe_most_count: Count,
    ended_before_count: Count,
    insured_life_key: Key,
) -> Count:
    """Whether an earlier claim has ended the contract: none is left where it has."""
    used = used_before(
        asks_end_count, limit=severe_most_count, opening=ended_before_count, key=insured_life_key
    )
    return left_of(severe_most_count, used)


@rule(clause="times", zh="合同有效", en="Contract in force")
def is_open(end_left_count: Count) -> Flag:
    """No earlier claim has ended the contract."""
    still: Flag = end_left_count > ZERO
    return still


@rule(clause="times", zh="本次后合同终止", en="Ends with this claim")
def ended_count(asks_end_count: Count, end_left_count: Count) -> Count:
    """Whether the contract ends with this claim."""
    return capped(asks_end_count, end_left_count)


@rule(clause="times", zh="请求轻度给付", en="Asks for the mild stage")
def asks_mild_count(stage_code: Count, is_open: Flag, is_waiting: Flag) -> Count:
    """A mild stage under a contract in force, above the waiting period."""
    return only_if(is_open & ~is_waiting, picked(stage_code, ONE, ZERO, ZERO))


@rule(clause="times", zh="轻度给付次数尚余", en="Left of the payments of the mild stage")
def mild_left_count(
    asks_mild_count: Count, mild_most_count: Count, mild_before_count: Count, insured_life_key: Key
) -> Count:
    """How often the mild stage may still be paid."""
    used = used_before(
        asks_mild_count, limit=mild_most_count, opening=mild_before_count, key=insured_life_key
    )
    return left_of(mild_most_count, used)


@rule(clause="times", zh="本次轻度给付", en="Payments of the mild stage")
def mild_paid_count(asks_mild_count: Count, mild_left_count: Count) -> Count:
    """One payment of the mild stage, where one is left."""
    return capped(asks_mild_count, mild_left_count)


@rule(clause="times", zh="请求中度给付", en="Asks for the middle stage")
def asks_middle_count(stage_code: Count, is_open: Flag, is_waiting: Flag) -> Count:
    """A middle stage under a contract in force, above the waiting period."""
    return only_if(is_open & ~is_waiting, picked(stage_code, ZERO, ONE, ZERO))


@rule(clause="times", zh="中度给付次数尚余", en="Left of the payments of the middle stage")
def middle_left_count(
    asks_middle_count: Count,
    middle_most_count: Count,
    middle_before_count: Count,
    insured_life_key: Key,
) -> Count:
    """How often the middle stage may still be paid."""
    used = used_before(
        asks_middle_count,
        limit=middle_most_count,
        opening=middle_before_count,
        key=insured_life_key,
    )
    return left_of(middle_most_count, used)


@rule(clause="times", zh="本次中度给付", en="Payments of the middle stage")
def middle_paid_count(asks_middle_count: Count, middle_left_count: Count) -> Count:
    """One payment of the middle stage, where one is left."""
    return capped(asks_middle_count, middle_left_count)


@rule(clause="times", zh="可以给付", en="May be paid")
def is_due(
    stage_code: Count,
    mild_paid_count: Count,
    middle_paid_count: Count,
    is_open: Flag,
    is_waiting: Flag,
) -> Flag:
    """The contract is in force, and a payment of this stage is left."""
    severe = only_if(is_open & ~is_waiting, ONE)
    due: Flag = picked(stage_code, mild_paid_count, middle_paid_count, severe) > ZERO
    return due


@rule(
    clause="waiting",
    zh="减：等待期内确诊",
    en="Less: diagnosed within the waiting period",
    sign="-",
    why=(
        "合同自{effective_on}生效，等待期 {waiting_days} 天；退还已交保险费，合同终止",
        "In effect from {effective_on}, {waiting_days} days to wait; premiums go back, the "
        "contract ends",
    ),
)
def waiting_fen(stage_fen: Fen, is_open: Flag, is_waiting: Flag) -> Fen:
    """The whole sum, where the diagnosis lies within the waiting period (H1)."""
    return only_if(is_open & is_waiting, stage_fen)


@rule(clause="waiting", zh="退还已交保险费", en="Premiums given back", sign="+")
def premiums_back_fen(premiums_paid_fen: Fen, is_open: Flag, is_waiting: Flag) -> Fen:
    """The premiums paid, where the diagnosis lies within the waiting period (H1)."""
    return only_if(is_open & is_waiting, premiums_paid_fen)


@rule(
    clause="times",
    zh="减：合同已终止，或者该程度给付次数已满",
    en="Less: contract ended, or this stage already paid as often as agreed",
    sign="-",
    why=("此前已给付", "Paid before"),
)
def used_up_fen(stage_fen: Fen, waiting_fen: Fen, is_due: Flag) -> Fen:
    """The whole sum, where the contract has ended or this stage was already paid as often as
    agreed."""
    return only_if(~is_due, stage_fen - waiting_fen)


@rule(
    clause="debts",
    zh="减：保单贷款、利息和欠交保险费",
    en="Less: policy loan, interest and premium overdue",
    sign="-",
    why=(
        "贷款 {loan_fen}，利息 {interest_fen}，欠交 {premium_due_fen}",
        "Loan {loan_fen}, interest {interest_fen}, overdue {premium_due_fen}",
    ),
)
def debts_fen(
    stage_fen: Fen,
    is_due: Flag,
    premiums_back_fen: Fen,
    loan_fen: Fen,
    interest_fen: Fen,
    premium_due_fen: Fen,
    is_debt_deducted: Flag,
) -> Fen:
    """What the insured owes, where the contract says that it is deducted (H4)."""
    owed = only_if(is_debt_deducted, loan_fen + interest_fen + premium_due_fen)
    return capped(only_if(is_due, stage_fen) + premiums_back_fen, owed)


@rule(clause="benefit", zh="重大疾病保险给付合计", en="Paid by the cover", sign="=")
def benefit_fen(stage_fen: Fen, is_due: Flag, premiums_back_fen: Fen, debts_fen: Fen) -> Fen:
    """What is paid; what treatment cost plays no part (H3)."""
    return only_if(is_due, stage_fen) + premiums_back_fen - debts_fen
