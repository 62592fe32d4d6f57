"""A stay in hospital, an accident and a fire at home in a real Chromium, from phone to shelf."""

import pytest

from lipei.ch01_general.models import Claim
from lipei.kit import audit
from lipei.site.demonstration import CARDS, PERSONS
from tests.walks import persons, staff
from tests.walks.persons import Told

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SICK, HURT, HOME = PERSONS
THIRD_CARD = "6228480123456789015"
ILL = Told(
    SICK.name, SICK.phone, days_ago=20, place=("哪家医院", "上海市第六人民医院"), cause="疾病住院",
    story="发烧咳嗽一周，急诊后收住院。", card=CARDS[0],
    pictures=("身份证", "出院小结", "费用票据", "医保结算单"),
    chosen={"现在怎么样？": "已经出院", "医保结算过吗？": "已经结算"}, typed={"诊断": "肺炎"},
)  # fmt: skip
FALLEN = Told(
    HURT.name, HURT.phone, days_ago=60, place=("在哪里", "上海市张江路 8 号"), cause="意外致残",
    story="从梯子上摔下来，右手腕骨折。", card=CARDS[1],
    pictures=("身份证", "事故证明", "病历", "费用票据"),
    chosen={"当时在做什么？": "居家、休闲", "看过医生吗？": "住院"},
    typed={"哪家医院": "上海市第六人民医院"},
)  # fmt: skip
BURNT = Told(
    HOME.name, HOME.phone, days_ago=1, place=("在哪里", "上海市花木路 90 弄 3 号 501 室"),
    cause="起火", story="厨房油锅起火，橱柜烧坏。", card=THIRD_CARD,
    pictures=("全景", "近景", "部门证明"),
    chosen={"险情停住了吗？": "停住了", "通知过谁？": "消防"},
    typed={"哪些东西受损？": "橱柜 40000"},
)  # fmt: skip


def parts_paid(number: str) -> list[tuple[str, int, str]]:
    rows = Claim.objects.get(number=number).exposures.select_related("payee").order_by("position")
    return [(one.product, one.paid_fen, one.payee.name if one.payee else "") for one in rows]


def clean(house) -> bool:
    return audit.verify(anchors=house.home.path / "anchors") == []


def test_a_stay_in_hospital_is_paid_and_shelved_and_nobody_drives_there(visitors, phone, house):
    phone.sign_in_by_code(ILL.phone)
    number = persons.report(phone, ILL, "health")
    persons.hand_in_the_rest(phone, ILL, number, "health")
    clerk = persons.registered(visitors, number, reserves=("10000",))
    row = persons.row_of(clerk, number)
    assert "核实损失" in row
    assert "查勘" not in row
    persons.tell_facts(clerk, number, position=1, paper="出院小结和诊断证明", facts={
        "首次投保或者连续投保的起期": ILL.day(after=-140), "本保险年度首日": ILL.day(after=-140),
        "本保险年度末日": ILL.day(after=224), "疾病首次确诊或者意外发生日期": ILL.day(),
        "入院日期": ILL.day(), "出院日期": ILL.day(after=8), "是否已经医保结算": "是",
        "医保目录内费用（不含先行自付和床位费） (元)": "18600",
        "医保基金支付（不含个人账户） (元)": "9600",
    })  # fmt: skip
    persons.calculate_and_submit(clerk, number)
    persons.approve(visitors.desk("xujing"), number, [1])
    persons.confirm(phone, ILL, number, sums=["被保险人"])
    persons.to_the_shelf(visitors, phone, number, count=1)
    assert parts_paid(number) == [("health_inpatient", 630_000, ILL.name)]
    assert Claim.objects.get(number=number).stage == "archived"
    assert clean(house)


def test_an_accident_with_treatment_and_a_disability_is_paid_and_shelved(visitors, phone, house):
    phone.sign_in_by_code(FALLEN.phone)
    number = persons.report(phone, FALLEN, "accident")
    persons.hand_in_the_rest(phone, FALLEN, number, "accident")
    clerk = persons.registered(visitors, number, reserves=("60000", "5000"))
    persons.tell_facts(clerk, number, position=1, paper="伤残评定报告", facts={
        "被保险人出生日期": "1991-04-23", "十级伤残处数": "1",
        "身故日期，或者评定伤残所依据状态的日期": FALLEN.day(after=40),
    })  # fmt: skip
    persons.tell_facts(clerk, number, position=2, paper="医疗费用票据和病历", facts={
        "治疗日期": FALLEN.day(after=5), "保障范围内的医疗费用 (元)": "8000",
        "医保基金支付（不含个人账户） (元)": "3000",
    })  # fmt: skip
    persons.calculate_and_submit(clerk, number)
    persons.approve(visitors.desk("xujing"), number, [1, 2])
    persons.confirm(phone, FALLEN, number, sums=["意外伤害保险", "意外医疗保险"])
    persons.to_the_shelf(visitors, phone, number, count=2)
    paid = [("accident", 5_000_000, FALLEN.name), ("accident_medical", 441_000, FALLEN.name)]
    assert parts_paid(number) == paid
    assert clean(house)


def test_a_fire_at_home_is_looked_at_paid_and_shelved(visitors, phone, house):
    """The kitchen is insured for three quarters of its value: (40,000.00 - 2,000.00) x 75 % is
    28,500.00, less the deductible of 500.00."""
    phone.sign_in_by_code(BURNT.phone)
    number = persons.report(phone, BURNT, "property")
    persons.hand_in_the_rest(phone, BURNT, number, "property")
    clerk = persons.registered(visitors, number, reserves=("30000",))
    assert "查勘定损" in persons.row_of(clerk, number)
    staff.open_claim(clerk, number)
    staff.dispatch(clerk, "李军")
    assessor = visitors.phone(geolocation=staff.PLACE, permissions=["geolocation"])
    assessor.sign_in_by_authenticator("lijun")
    staff.drive_there(assessor, number)
    staff.list_loss(assessor, "保险标的", "橱柜", "更换", "40000", salvage="2000")
    staff.sign(assessor, findings="起火属实，橱柜烧毁。")
    persons.tell_facts(clerk, number, position=1, paper="财产损失清单",
                       facts={"出险时保险价值 (元)": "400000"})  # fmt: skip
    persons.calculate_and_submit(clerk, number)
    persons.approve(visitors.desk("xujing"), number, [1])
    persons.confirm(phone, BURNT, number, sums=["保险标的"])
    persons.to_the_shelf(visitors, phone, number, count=1)
    assert parts_paid(number) == [("property", 2_800_000, BURNT.name)]
    assert clean(house)
