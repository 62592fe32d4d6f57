"""What comes in at the door, and what does not."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from lipei.kit import checks, clock, fields, identity
from lipei.kit.refusal import Refused

DATA = Path(__file__).parents[3] / "shared" / "data"
VECTORS = DATA / "id_vectors.jsonl"
NAUGHTY = DATA / "security" / "blns" / "blns.json"
HIDDEN = ("\x00", "\x01", "\x1b", "\x7f", "\x85", "\ud800", "\udfff", "\u202e", "\u2066")


def outcome(check, value):
    """The tidy value and no refusal, or no value and the refusal."""
    try:
        return check(value, field="f"), None
    except Refused as refused:
        return None, refused


def refusal_of(check, value, **more):
    with pytest.raises(Refused) as caught:
        check(value, field="here", **more)
    assert caught.value.params["field"] == "here"
    return caught.value.slug


def vectors():
    if not VECTORS.exists():
        return []
    return [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]


def naughty_strings():
    if not NAUGHTY.exists():
        pytest.skip(f"the naughty strings are not here: {NAUGHTY.name}")
    return json.loads(NAUGHTY.read_text("utf-8"))


# Text


def test_text_is_composed_and_trimmed_and_keeps_its_lines():
    assert checks.plain_text("  e\u0301tat\r\n第二行\r ", field="story") == "\u00e9tat\n第二行"


def test_one_line_has_single_blanks():
    assert checks.plain_text("a \n\t b", field="name", lines=False) == "a b"


@pytest.mark.parametrize("mark", HIDDEN)
def test_hidden_characters_are_refused_wherever_they_stand(mark):
    for text in (mark, f"a{mark}b", f"{mark}a", f"a{mark}"):
        assert refusal_of(checks.plain_text, text) == "text_not_allowed"


@pytest.mark.parametrize("value", [None, 1, True, b"a", ["a"], {"a": 1}])
def test_what_is_no_text_is_refused(value):
    assert refusal_of(checks.plain_text, value) == "value_wrong"


def test_the_limit_counts_what_is_kept():
    assert checks.plain_text(" " + "长" * 10 + " ", field="f", limit=10) == "长" * 10
    assert refusal_of(checks.plain_text, "长" * 11, limit=10) == "text_too_long"
    assert refusal_of(checks.plain_text, " " * 10_000, limit=10) == "text_too_long"


def test_a_blank_is_refused_only_where_something_must_stand():
    assert checks.plain_text(" \n ", field="f") == ""
    assert refusal_of(checks.plain_text, " \n ", empty=False) == "text_missing"


@given(st.text(max_size=200) | st.text(alphabet=st.characters(), max_size=60))
def test_text_that_was_let_in_can_be_kept_and_is_let_in_again(text):
    tidy, refused = outcome(checks.plain_text, text)
    if refused:
        assert refused.slug == "text_not_allowed"
        return
    tidy.encode("utf-8")
    assert "\x00" not in tidy
    assert checks.plain_text(tidy, field="f") == tidy


EVERY = (
    checks.plain_text, checks.person_name, checks.plate, checks.resident_id, checks.phone,
    checks.yuan_to_fen, checks.bank_card, checks.vin, checks.credit_code,
)  # fmt: skip


def test_every_naughty_string_is_tidied_or_refused_in_words():
    for text in [*naughty_strings(), "\ud83d"]:
        for check in EVERY:
            tidy, refused = outcome(check, text)
            if refused is None:
                str(tidy).encode("utf-8")
                continue
            assert refused.words("zh")
            assert refused.words("en")
            assert refused.params["field"] == "f"


def test_a_name_has_a_letter():
    assert checks.person_name(" 阿依古丽·买买提 ") == "阿依古丽·买买提"
    assert refusal_of(checks.person_name, "123 …") == "name_wrong"


@pytest.mark.parametrize("key", ["0123456789", "a-b_c.d:e-9"])
def test_a_request_key_may_be_letters_digits_and_marks(key):
    assert checks.idempotency_key(key) == key


@pytest.mark.parametrize("key", [None, 12345678, "", "short", "k" * 81, "钥匙钥匙钥匙钥匙", "a b c d e f", "-1234567", "12345678\n"])  # fmt: skip # noqa: E501
def test_any_other_request_key_is_refused(key):
    assert refusal_of(checks.idempotency_key, key) == "request_key_wrong"


# Numbers


@pytest.mark.skipif(not VECTORS.exists(), reason="the identity vectors are not here")
@pytest.mark.parametrize("row", vectors(), ids=lambda row: f"{row['kind']}-{row['value']}")
def test_identity_vectors(row):
    expected = row["valid"] if row["valid"] is not None else row["valid_by_stdnum"]
    check = {
        "resident_id": checks.resident_id,
        "resident_permit_tw": checks.resident_id,
        "uscc": checks.credit_code,
        "plate": checks.plate,
        "luhn": lambda value, field: identity.luhn(value) or refuse(field),
    }[row["kind"]]
    if expected:
        check(row["value"], field="here")
    else:
        refusal_of(check, row["value"])


def refuse(field):
    raise Refused("account_number_wrong", field=field)


def test_an_old_identity_number_is_brought_up_to_eighteen():
    assert checks.resident_id("360426 910101007") == "360426199101010071"


def test_an_identity_number_tells_birth_and_sex():
    bearer = identity.resident("360426199101010071", today=date(2026, 1, 1))
    assert bearer is not None
    assert (bearer.born_on, bearer.sex) == (date(1991, 1, 1), "male")


@pytest.mark.parametrize(
    "body",
    [
        "36042619910230007",  # 30 February
        "36042618991231007",  # born in 1899
        "36042629991231007",  # born in the future
        "99042619910101007",  # no such province
        "36990019910101007",  # no such prefecture
        "71010119910101007",  # Taiwan is one region
    ],
)
def test_an_impossible_bearer_is_refused_although_the_mark_is_right(body):
    number = body + identity.resident_mark(body)
    assert refusal_of(checks.resident_id, number) == "identity_number_wrong"


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(1, 999), st.integers(0, 17))
def test_one_wrong_digit_in_an_identity_number_is_found(born, turn, place):
    body = f"440305{born:%Y%m%d}{turn:03}"
    number = body + identity.resident_mark(body)
    assert checks.resident_id(number.lower()) == number
    other = "0" if number[place] != "0" else "1"
    assert refusal_of(checks.resident_id, number[:place] + other + number[place + 1 :])


def test_full_width_marks_are_the_same_number():
    assert checks.resident_id("３６０４２６１９９１０１０１００７１") == "360426199101010071"
    assert checks.plate("粤ｂ·１２３４５") == "粤B12345"


@pytest.mark.parametrize("text", ["13800138000", "+86 138-0013-8000", "0086 13800138000", "86138 0013 8000"])  # fmt: skip # noqa: E501
def test_a_mobile_number_loses_its_country(text):
    assert checks.mobile(text) == "13800138000"


@pytest.mark.parametrize("text", ["12800138000", "1380013800", "138001380000", "+8525551234", "٠١٢٣٤٥٦٧٨٩٠", "010-84009988"])  # fmt: skip # noqa: E501
def test_what_is_no_mobile_number_is_refused(text):
    assert refusal_of(checks.mobile, text) == "phone_number_wrong"


@pytest.mark.parametrize("text", ["010-84009988", "0755 8400998", "400-820-8820", "95518", "13800138000"])  # fmt: skip # noqa: E501
def test_a_telephone_may_be_a_landline_or_a_service_line(text):
    assert checks.phone(text).isdigit()
    assert refusal_of(checks.phone, "84009988") == "telephone_wrong"


@pytest.mark.parametrize(
    ("plate", "kind"),
    [
        ("粤B12345", "ordinary"), ("京NAB123", "ordinary"), ("粤BD12345", "new_energy"),
        ("粤BDF1234", "new_energy"), ("粤B12345D", "new_energy"), ("京A1234警", "special"),
        ("粤Z1234港", "special"), ("粤Z1234澳", "special"), ("沪A1234学", "special"),
        ("鲁A1234挂", "special"), ("使014578", "embassy"), ("224578使", "embassy"),
        ("京X1234应急", "rescue"), ("VA12345", "army"), ("WJ京12345", "armed_police"),
    ],
)  # fmt: skip
def test_plates_of_every_kind(plate, kind):
    assert identity.plate_kind(checks.plate(plate)) == kind


@pytest.mark.parametrize("text", ["粤12345", "港B12345", "粤B1234", "粤B12345678", "粤BIO123", "ABC123", "粤B12 34五"])  # fmt: skip # noqa: E501
def test_what_is_no_plate_is_refused(text):
    assert refusal_of(checks.plate, text) == "plate_wrong"


def test_a_vin_needs_its_shape_and_only_warns_of_its_check_mark():
    assert checks.vin("lsvaa49j132047371") == "LSVAA49J132047371"
    assert identity.vin_proves_itself("LSVAA49J132047371")
    assert not identity.vin_proves_itself(checks.vin("LSVAA49J232047371"))
    assert refusal_of(checks.vin, "LSVAA49J13204737O") == "vin_wrong"


def test_a_bank_card_proves_itself():
    assert checks.bank_card("6222 0212 3456 7890 12") == "622202123456789012"
    assert refusal_of(checks.bank_card, "622202123456789013") == "account_number_wrong"
    assert refusal_of(checks.bank_card, "18") == "account_number_wrong"


# Money


@pytest.mark.parametrize(
    ("text", "amount_fen"),
    [
        ("0", 0), ("0.01", 1), ("1.5", 150), ("5000", 500_000), ("19,632.60", 1_963_260),
        ("￥１２３４．５０", 123_450), (" ¥ 300 元 ", 30_000), ("100,000,000,000", 10**13),
    ],
)  # fmt: skip
def test_yuan_become_exact_fen(text, amount_fen):
    assert checks.yuan_to_fen(text) == amount_fen


@pytest.mark.parametrize("text", ["", " ", "-1", "+1", "1.234", "1,23", ",123", "1e3", "NaN", "∞", "0x10", "1 2.3.4", "一百", "½", "٣"])  # fmt: skip # noqa: E501
def test_what_is_no_amount_is_refused(text):
    assert refusal_of(checks.yuan_to_fen, text) in {"amount_wrong", "text_missing"}


def test_an_amount_has_an_upper_end():
    assert refusal_of(checks.yuan_to_fen, "100000000000.01") == "amount_too_large"
    assert checks.fen(checks.MOST_FEN) == checks.MOST_FEN
    assert refusal_of(checks.fen, checks.MOST_FEN + 1) == "amount_too_large"


@pytest.mark.parametrize("value", [-1, 1.0, True, "1", None])
def test_fen_are_whole_numbers(value):
    assert refusal_of(checks.fen, value) == "amount_wrong"


@given(st.integers(0, checks.MOST_FEN))
def test_every_sum_survives_being_written_in_yuan(amount_fen):
    written = f"{amount_fen // 100:,}.{amount_fen % 100:02}"
    assert checks.yuan_to_fen(written) == amount_fen


# Time


def test_an_instant_has_a_zone_and_a_form_has_chinas():
    assert checks.instant("2026-05-01T08:30:00Z", field="f") == datetime(
        2026, 5, 1, 8, 30, tzinfo=UTC
    )
    assert refusal_of(checks.instant, "2026-05-01T08:30") == "time_without_zone"
    assert checks.local_instant("2026-05-01T08:30", field="f").utcoffset() == timedelta(hours=8)


def test_instants_before_1990_or_absurdly_late_are_refused():
    assert refusal_of(checks.instant, "1989-12-31T00:00:00+08:00") == "time_too_early"
    assert refusal_of(checks.instant, "9999-12-31T23:59:59-14:00") == "time_wrong"
    assert refusal_of(checks.instant, "0001-01-01T00:00:00+14:00") == "time_too_early"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00Z", "20260501", "1746057600", "2026-05-01T25:00Z", 1746057600, None])  # fmt: skip # noqa: E501
def test_what_is_no_instant_is_refused(text):
    assert refusal_of(checks.instant, text) == "time_wrong"


def test_the_future_is_refused_where_it_cannot_be():
    soon, later = clock.now() + timedelta(minutes=1), clock.now() + timedelta(hours=1)
    assert checks.instant(soon, field="f", future=False) == soon
    assert refusal_of(checks.instant, later, future=False) == "time_in_future"
    assert checks.instant(later, field="f") == later


def test_days():
    assert checks.day("2026-05-01", field="f") == date(2026, 5, 1)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert refusal_of(checks.day, tomorrow, future=False) == "time_in_future"
    for text in ("2026-02-30", "01.05.2026", "1899-12-31", "", None, 5):
        assert refusal_of(checks.day, text) == "day_wrong"


# Typed bodies


class Body(BaseModel):
    name: fields.Name
    phone: fields.Mobile
    amount_fen: fields.Fen
    lost_at: fields.PastInstant


def test_a_body_names_every_field_that_is_wrong():
    with pytest.raises(ValidationError) as caught:
        Body.model_validate({"name": "\x00", "phone": "1", "amount_fen": 1.5, "lost_at": "x"})
    assert {e["loc"][0]: e["type"] for e in caught.value.errors()} == {
        "name": "text_not_allowed",
        "phone": "phone_number_wrong",
        "amount_fen": "amount_wrong",
        "lost_at": "time_wrong",
    }


def test_a_right_body_is_tidied():
    body = Body.model_validate(
        {"name": " 周晓芸 ", "phone": "138 0013 8000", "amount_fen": 5,
         "lost_at": "2026-01-01T08:00:00+08:00"}
    )  # fmt: skip
    assert (body.name, body.phone, body.amount_fen) == ("周晓芸", "13800138000", 5)


def test_the_published_schema_shows_limits_and_examples():
    shown = Body.model_json_schema()["properties"]
    assert shown["amount_fen"]["maximum"] == checks.MOST_FEN
    assert shown["phone"]["examples"] == ["13800138000"]


def test_every_published_example_is_taken():
    for name, kind in vars(fields).items():
        if hasattr(kind, "__metadata__"):
            (checked,) = kind.__metadata__
            for example in checked.shown.get("examples", []):
                checked.check(example, field=name)
