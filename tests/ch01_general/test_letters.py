"""Letters: written once in the words in force, sent, and proved to have arrived."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from lipei.ch01_general.letters import (
    LETTER,
    SHIPPED,
    in_force,
    letter_pdf,
    note_arrival,
    number_of,
    open_letter,
    propose_letter,
    send_letter,
)
from lipei.ch01_general.models import Clock, Letter, Revision
from lipei.ch01_general.revisions import approve_revision, return_revision
from lipei.ch02_intake.materials import materials_to_ask_for, request_materials
from lipei.ch03_assessment.disputes import answer_dispute, object_to
from lipei.kit import audit, clock
from lipei.kit.models import Cursor
from lipei.kit.refusal import Refused
from lipei.manual.letter_list import letters
from tests import steps
from tests.steps import CLERK

COMPLIANCE, MANAGER = "staff/hege", "staff/zhouwei"


def written(claim, template):
    steps.hear()
    return claim.letters.filter(template=template).order_by("position").last()


def words_of(letter, language="zh"):
    pdf = PdfReader(BytesIO(letter_pdf(letter, language=language)))
    return "".join("".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture
def asked(department):
    """A claim whose reporter was told what is missing, and the letter of it."""
    claim = steps.filed()
    request_materials(claim.number, by=CLERK)
    return claim, written(claim, "one_notice")


def english_of(template):
    one = letters()[template]
    return {
        "title_zh": one.zh.title, "body_zh": one.zh.body,
        "title_en": one.en.title, "body_en": one.en.body,
    }  # fmt: skip


def other_words():
    words = english_of("payment")
    return {**words, "body_zh": words["body_zh"] + "\n\n祝平安。"}


def test_the_notice_names_everything_missing_in_both_languages_and_cites_the_law(asked):
    claim, letter = asked
    told = words_of(letter)
    for kind in materials_to_ask_for(claim).values_list("kind", flat=True):
        assert any(kind in str(row) or row[0] for row in letter.text["zh"]["rows"])
    assert claim.number in told
    assert "第二十二条" in told
    assert "article22" in words_of(letter, "en")
    assert "手册" not in told
    assert letter_pdf(letter, language="zh") == letter_pdf(letter, language="zh")
    assert number_of(letter) == f"WS-02-{claim.number}-1"


def test_a_letter_is_written_once_however_often_its_entry_is_heard(asked):
    claim, _letter = asked
    Cursor.objects.filter(listener__contains="write_notice").update(
        reached_transaction=0, reached_id=0
    )
    steps.hear()
    assert claim.letters.filter(template="one_notice").count() == 1
    assert not audit.faults_of(claim.subject)


def test_its_reader_opens_it_and_the_law_waits_for_the_papers_from_then_on(asked):
    claim, letter = asked
    waits = Clock.objects.filter(claim=claim, clause="K2", stopped_at=None)
    assert not any(one.pauses for one in waits)
    open_letter(claim.number, letter=1, by=f"party/{letter.party_id}")
    steps.hear()
    opened = letter.deliveries.get(way="inbox")
    assert all(one.pauses for one in waits.all())
    open_letter(claim.number, letter=1, by=f"party/{letter.party_id}")
    assert letter.deliveries.get(way="inbox").arrived_at == opened.arrived_at


def test_nobody_elses_opening_is_a_delivery(asked):
    claim, letter = asked
    stranger = steps.claimant(steps.INSURED_PHONE)
    with pytest.raises(Refused) as no:
        open_letter(claim.number, letter=1, by=stranger)
    assert no.value.slug == "letter_not_found"
    open_letter(claim.number, letter=1, by=CLERK)
    assert not letter.deliveries.exists()


def test_a_posted_letter_has_its_number_and_arrives_when_its_slip_says(asked):
    claim, _letter = asked
    with pytest.raises(Refused) as no:
        send_letter(claim.number, letter=1, way="post", reference=" ", by=CLERK)
    assert no.value.slug == "tracking_missing"
    sent = send_letter(claim.number, letter=1, way="post", reference="SF1234567890", by=CLERK)
    again = send_letter(claim.number, letter=1, way="post", reference="SF1234567890", by=CLERK)
    assert again == sent
    slip = steps.upload(CLERK).pk
    with pytest.raises(Refused) as no:
        note_arrival(claim.number, letter=1, delivery=sent.pk, proof=0, by=CLERK, at=clock.now())
    assert no.value.slug == "file_not_found"
    with pytest.raises(Refused) as no:
        note_arrival(claim.number, letter=1, delivery=sent.pk, proof=slip, by=CLERK,
                     at=clock.now() + timedelta(days=1))  # fmt: skip
    assert no.value.slug == "time_in_future"
    at = clock.now()
    note_arrival(claim.number, letter=1, delivery=sent.pk, proof=slip, by=CLERK, at=at)
    steps.hear()
    assert claim.notices.get().delivered_at == at
    with pytest.raises(Refused) as no:
        note_arrival(claim.number, letter=1, delivery=sent.pk, proof=slip, by=CLERK, at=at)
    assert no.value.slug == "letter_arrived_already"


def test_a_sum_is_told_with_every_step_of_it(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    letter = written(claim, "decision")
    exposure = claim.exposures.order_by("position").last()
    told = words_of(letter)
    assert f"{exposure.benefit_fen // 100:,}" in told
    assert "12378" in told
    assert claim.letters.filter(template="decision").count() == claim.exposures.count()
    assert len(letter.text["zh"]["rows"]) > 2


def test_an_objection_is_answered_in_a_letter(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    object_to(claim.number, position=1, words="少算了大灯", by=f"party/{claim.reporter_id}")
    answer_dispute(claim.number, position=1, answer="大灯没有损坏 {claim}", again=False,
                   by=MANAGER)  # fmt: skip
    letter = written(claim, "dispute_answer")
    assert "大灯没有损坏{claim}" in words_of(letter)
    assert "thesumstands" in words_of(letter, "en")


def test_whoever_is_paid_is_told_so_and_nobody_else(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    claim = steps.paid(steps.agreed(claim))
    steps.hear()
    told = list(claim.letters.filter(template="payment"))
    assert {one.party_id for one in told} == {e.payee_id for e in claim.exposures.all()}
    assert len(told) == claim.exposures.count()


def test_words_are_changed_by_two_persons_and_old_letters_keep_theirs(asked):
    _claim, before = asked
    words = english_of("one_notice")
    words["body_zh"] = words["body_zh"].replace("请在案件页拍照上传", "烦请在案件页拍照上传")
    held = propose_letter("one_notice", words=words, reason="更客气", by=MANAGER)
    with pytest.raises(Refused) as no:
        propose_letter("one_notice", words=words, reason="又一次", by=COMPLIANCE)
    assert no.value.slug == "proposal_open"
    with pytest.raises(Refused) as no:
        approve_revision(LETTER, key="one_notice", edition=held.edition, by=CLERK)
    assert no.value.slug == "duty_missing"
    approve_revision(LETTER, key="one_notice", edition=held.edition, by=COMPLIANCE)
    other = steps.filed()
    request_materials(other.number, by=CLERK)
    assert "烦请" in words_of(written(other, "one_notice"))
    assert "烦请" not in words_of(Letter.objects.get(pk=before.pk))


def test_whoever_proposed_words_does_not_approve_them(department):
    held = propose_letter("payment", words=other_words(), reason="x", by=COMPLIANCE)
    with pytest.raises(Refused) as no:
        approve_revision(LETTER, key="payment", edition=held.edition, by=COMPLIANCE)
    assert no.value.slug == "same_person_proposal"
    return_revision(LETTER, key="payment", edition=held.edition, why="还不够好", by=COMPLIANCE)
    assert in_force("payment")[0] == SHIPPED


@pytest.mark.parametrize(
    ("column", "change", "slug"),
    [
        ("body_zh", lambda text: text.replace("{claim}", ""), "letter_blanks_wrong"),
        ("body_en", lambda text: text + " {secret}", "letter_blanks_wrong"),
        ("body_zh", lambda text: text.replace("{rows}", "表"), "letter_rows_wrong"),
        ("body_zh", lambda text: text + "（见工作手册）", "letter_manual_wrong"),
        ("title_en", lambda text: "", "text_missing"),
    ],
)
def test_words_that_are_not_this_letter_are_refused_by_field(department, column, change, slug):
    words = english_of("one_notice")
    words[column] = change(words[column])
    with pytest.raises(Refused) as no:
        propose_letter("one_notice", words=words, reason="x", by=MANAGER)
    assert no.value.slug == slug
    assert not Revision.objects.exists()


def test_a_sign_that_the_type_lacks_is_listed_never_an_empty_box(asked):
    _claim, letter = asked
    letter.addressee = "王\U00030021"
    assert "U+30021" in words_of(letter)
