"""The navigation: only the desks of one's post."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from lipei.manual import posts
from lipei.site.shell import STAFF_NAV, Reader, Shell, address


def shown(*codes: str) -> set[str]:
    """The routes that somebody with these posts finds in the navigation."""
    reader = Reader(name="王敏", duties=posts().duties_of(codes), signed_in=True)
    groups = Shell(RequestFactory().get("/"), reader=reader).nav
    return {link.route for group in groups for link in group.links}


def there(*routes: str) -> set[str]:
    """Those of the routes whose pages exist."""
    return {route for route in routes if address(route)}


@pytest.mark.parametrize(
    ("post", "sees", "not_sees"),
    [
        ("SP", ("desk:home", "desk:claims", "desk:report"), ("desk:payments", "desk:audit")),
        ("LA", ("desk:survey",), ("desk:approvals", "desk:payments", "desk:report")),
        ("RV", ("desk:approvals",), ("desk:payments", "desk:survey", "desk:archive")),
        ("FN", ("desk:payments",), ("desk:approvals", "desk:survey", "desk:report")),
        ("AR", ("desk:archive",), ("desk:payments", "desk:approvals")),
        ("AU", ("desk:audit", "desk:board", "desk:payments"), ("desk:report", "desk:survey")),
    ],
)
def test_each_post_finds_its_own_desks(post, sees, not_sees):
    found = shown(post)
    assert there(*sees) <= found
    assert not set(not_sees) & found


def test_the_duties_of_the_navigation_are_duties_of_the_manual():
    named = {duty for group in STAFF_NAV for link in group.links for duty in link.duties}
    assert named <= set(posts().duties)


@pytest.mark.django_db
def test_the_front_door_sends_everybody_to_their_work(client, department, claimant_client, staff_client):  # fmt: skip # noqa: E501
    assert client.get("/")["Location"] == "/login/"
    assert claimant_client().get("/")["Location"] == "/m/"
    assert staff_client("wangmin").get("/")["Location"] == reverse("desk:home")
