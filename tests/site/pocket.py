"""The claimants' way through plain forms, step by step, as a browser without scripts goes it."""

import re
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from lipei.ch01_general.models import Claim
from lipei.kit import clock
from tests import steps

PHONE = steps.PHONE
ALIEN = "13800006022"
CODE = re.compile(r'u-demo__code">(\d{6})<')
CARD = "6222021234567890128"


def occurrence(**changes: str) -> dict[str, str]:
    """What one types in step 1."""
    at = (clock.now() - timedelta(hours=2)).astimezone(clock.LOCAL)
    typed = {
        "lost_at": f"{at:%Y-%m-%dT%H:%M}", "place": "春和路 118 号", "cause": "collision",
        "injured": "no", "relation": "insured",
    }  # fmt: skip
    return typed | changes


def course(**changes: str) -> dict[str, str]:
    """What one types in step 3."""
    typed = {
        "story": "起步时追尾前车。", "others": "vehicle", "other_plate": "沪C12345",
        "other_name": "王五", "other_phone": "13911112222", "fault": "full",
        "proof": "agreement", "damage_own_vehicle_front_bumper": "dent",
        "damage_other_vehicle_rear_bumper": "dent",
    }  # fmt: skip
    return typed | changes


def step(draft: str, n: int) -> str:
    return f"/m/report/{draft}/step/{n}/"


def typed_through(client: Client, **changes: dict[str, str]) -> str:
    """The first three steps, right unless changed; the draft's name."""
    draft = str(uuid4())
    client.post(step(draft, 1), occurrence(**changes.get("first", {})))
    pictures = {k: steps.photograph(n) for n, k in enumerate(("scene", "plate", "close"), 7)}
    client.post(step(draft, 2), pictures)
    client.post(step(draft, 3), course(**changes.get("third", {})))
    return draft


def reported(client: Client) -> Claim:
    """A claim reported by forms alone."""
    draft = typed_through(client)
    answer = client.post(step(draft, 4), {"phone": PHONE, "consented": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return Claim.objects.latest("pk")


def signed_in(phone: str = PHONE) -> Client:
    """A browser that came in by phone and code, the demonstration's way."""
    client = Client()
    client.post("/m/login/", {"phone": phone})
    code = shown_code(client.get("/m/login/code/"))
    assert client.post("/m/login/code/", {"code": code}).status_code == 302
    return client


def shown_code(response) -> str:
    """The code that the demonstration shows on the page."""
    found = CODE.search(response.content.decode())
    assert found, "no code on the page"
    return found[1]


def confirmed(client: Client, claim: Claim, **changes: str):
    """The answer to a whole confirmation: every sum accepted, name typed, code asked for."""
    url = f"/m/claims/{claim.number}/confirm/"
    code = shown_code(client.post(f"{url}code/", {}))
    page = client.get(url).content.decode()
    digest = re.search(r'name="digest" value="([^"]+)"', page)
    typed = {
        **{name: "accept" for name in re.findall(r'name="(choice_\d+)"', page)},
        "typed_name": "周国栋", "code": code, "digest": digest[1] if digest else "",
        **account(claim), **changes,
    }  # fmt: skip
    return client.post(url, typed)


def account(claim: Claim, *, holder: str = "周国栋", number: str = CARD) -> dict[str, str]:
    """The claimant's own account as it is typed."""
    key = claim.reporter_id
    return {
        f"{key}-bank": "中国工商银行", f"{key}-number": number, f"{key}-holder": holder,
    }  # fmt: skip
