"""The archive through its forms: arranged, proved, shelved, found again."""

import pytest

from lipei.ch09_archive.models import Volume
from lipei.kit import clock
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def volume(department, settings) -> Volume:
    """The open volume of a closed claim."""
    settings.LIPEI_DEMO = True
    made = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    steps.closed(steps.paid(steps.agreed(made)))
    return Volume.objects.get()


@pytest.fixture
def archivist(staff_client):
    return staff_client("sunjie")


def state() -> str:
    return Volume.objects.get().state


def test_a_volume_is_arranged_shelved_and_found_by_its_place(volume, archivist):
    path = f"/archive/{volume.number}/"
    assert volume.number in archivist.get("/archive/").content.decode()
    page = archivist.get(path).content.decode()
    assert "会计凭证" in page
    assert f"保管至 {clock.today().year + 30}-12-31" in page
    assert (
        archivist.post(f"{path}arrange/", {"paper_pages": 12, "scanned_pages": 12}).status_code
        == 303
    )
    assert archivist.get(path).content.decode().count('data-state="got"') == 4
    assert archivist.post(f"{path}shelve/", {"place": "A-01-03"}).status_code == 303
    assert state() == "shelved"
    found = archivist.get("/archive/", {"view": "shelved", "q": "A-01"}).content.decode()
    assert volume.number in found
    gone = archivist.get("/archive/", {"view": "shelved", "q": "Z-99"}).content.decode()
    assert "没有找到" in gone


def test_a_volume_is_not_shown_as_complete_before_its_paper_was_counted(volume, archivist):
    path = f"/archive/{volume.number}/"
    page = archivist.get(path).content.decode()
    assert page.count('data-state="got"') == 3
    assert "纸质件还没有最后清点" in page
    archivist.post(f"{path}arrange/", {"paper_pages": 12, "scanned_pages": 12})
    page = archivist.get(path).content.decode()
    assert page.count('data-state="got"') == 4
    assert "纸质件还没有最后清点" not in page


def test_a_volume_whose_contract_has_no_known_end_says_so(volume, archivist):
    volume.items.update(keep_until=None)
    assert "合同终止后起算" in archivist.get(f"/archive/{volume.number}/").content.decode()
    tab = archivist.get(f"/claims/{volume.claim.number}/archive/").content.decode()
    assert "合同终止后起算" in tab


def test_pages_and_scans_must_agree_and_what_was_typed_stays(volume, archivist):
    path = f"/archive/{volume.number}/"
    answer = archivist.post(f"{path}arrange/", {"paper_pages": 12, "scanned_pages": 11})
    assert answer.status_code in {409, 422}
    assert 'value="11"' in answer.content.decode()
    assert state() == "open"


@pytest.mark.parametrize("odd", ["", "-1", "x", "1.5", "9" * 30, "<b>"])
def test_absurd_counts_are_answered_in_words(volume, archivist, odd):
    told = {"paper_pages": odd, "scanned_pages": odd}
    answer = archivist.post(f"/archive/{volume.number}/arrange/", told)
    assert answer.status_code == 422
    assert "data-errors" in answer.content.decode()
    assert state() == "open"


@pytest.mark.parametrize("place", ["", "   ", "x" * 61])
def test_a_volume_needs_a_place(volume, archivist, place):
    path = f"/archive/{volume.number}/"
    archivist.post(f"{path}arrange/", {"paper_pages": 0, "scanned_pages": 0})
    assert archivist.post(f"{path}shelve/", {"place": place}).status_code == 422
    assert state() == "arranged"


def test_an_unarranged_volume_is_not_shelved(volume, archivist):
    answer = archivist.post(f"/archive/{volume.number}/shelve/", {"place": "A-01"})
    assert 400 <= answer.status_code < 500
    assert state() == "open"


def test_things_of_a_volume_open_for_its_readers_only(volume, archivist, staff_client):
    path = f"/archive/{volume.number}/1/"
    assert archivist.get(path).status_code == 200
    assert staff_client("wutong").get(path).status_code == 200
    assert staff_client("zhaolin").get(path).status_code == 403
    assert archivist.get(f"/archive/{volume.number}/999999999999/").status_code == 404
    assert archivist.get("/archive/DA-none/1/").status_code == 404


def test_auditors_read_and_change_nothing(volume, staff_client):
    auditor = staff_client("wutong")
    path = f"/archive/{volume.number}/"
    assert auditor.get(path).status_code == 200
    told = {"paper_pages": 0, "scanned_pages": 0, "place": "A"}
    assert auditor.post(f"{path}arrange/", told).status_code == 403
    assert auditor.post(f"{path}shelve/", told).status_code == 403
    assert state() == "open"
