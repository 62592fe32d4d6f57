"""What Lipei is built on, and under which licences, is told to everybody."""

import pytest
from django.test import Client

from lipei.site.licences import packages

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_runs_on_the_server_and_in_the_browser():
    shown = Client().get("/about/licences/").content.decode()
    for name in ("Django", "psycopg", "LGPL-3.0-only", "htmx.org", "@alpinejs/csp"):
        assert name in shown
    assert "axe-core" not in shown


def test_the_wording_of_a_licence_is_the_one_that_came_with_the_package():
    answer = Client().get("/about/licences/server/Django/")
    assert "Django Software Foundation" in answer.content.decode()
    answer = Client().get("/about/licences/browser/@tabler/icons/")
    assert "MIT License" in answer.content.decode()
    assert Client().get("/about/licences/browser/Django/").status_code == 404
    assert Client().get("/about/licences/server/nothing/").status_code == 404


def test_every_package_that_is_listed_names_its_licence():
    assert [one.name for one in packages() if not (one.licence or one.text)] == []


def test_a_claimant_reads_it_in_english():
    client = Client(headers={"accept-language": "en"})
    assert "Open-source licences" in client.get("/about/licences/").content.decode()
