"""9.4 What is kept proves itself by four properties, and what was touched does not."""

from pathlib import Path

import pytest

from lipei.ch09_archive.electronic import four_properties, properties_of
from lipei.ch09_archive.filing import arrange_paper
from lipei.ch09_archive.models import Volume
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_volume_is_authentic_complete_usable_and_safe_until_a_file_is_gone(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    claim = steps.closed(steps.paid(claim))
    arrange_paper(claim.number, paper_pages=3, scanned_pages=3, by=steps.ARCHIVIST)
    volume = Volume.objects.get(claim=claim)
    assert [holds for _, holds in properties_of(volume)] == [True] * 4
    next(Path(settings.LIPEI_FILES).rglob(volume.items.get(kind="driving_licence").sha256)).unlink()
    assert four_properties(volume) == ["可用性", "安全性"]
