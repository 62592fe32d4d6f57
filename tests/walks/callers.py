"""Programs that speak to the running department over HTTP, each for one person."""

import time
from collections.abc import Callable
from itertools import count

import httpx

from tests import steps

PATIENCE_S = 60
_keys = count(1)


class Caller:
    """A program that speaks to the API for one person, over HTTP."""

    def __init__(self, address: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = httpx.Client(
            base_url=f"{address}/api/v1", headers=headers, trust_env=False, timeout=30
        )

    def get(self, path: str) -> dict:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def bytes(self, path: str) -> bytes:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.content

    def post(self, path: str, *, status: int = 200, key: str = "", **body: object) -> dict:
        headers = {"Idempotency-Key": key or f"walk-key-{next(_keys)}"}
        response = self.client.post(path, json=body, headers=headers)
        assert response.status_code == status, response.text
        assert status < 400 or response.headers["Content-Type"] == "application/problem+json"
        return response.json()

    def upload(self, seed: int) -> int:
        headers = {"Idempotency-Key": f"walk-file-{seed}"}
        files = {"file": ("a.jpg", steps.photograph(seed), "image/jpeg")}
        response = self.client.post("/uploads", files=files, headers=headers)
        assert response.status_code == 201, response.text
        return response.json()["upload"]


def until(ask: Callable[[], object]) -> object:
    """Ask again until worker, bank and messages have done their part."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := ask()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.2)
    return found


def released(checker: Caller, order: str) -> bool:
    headers = {"Idempotency-Key": f"walk-release-{order}"}
    response = checker.client.post(f"/orders/{order}/release", json={}, headers=headers)
    assert response.status_code == 200 or response.json()["slug"] == "clearance_missing"
    return response.status_code == 200


def pay(maker: Caller, checker: Caller, claim: str, *, accounts: dict[int, int]) -> None:
    for position, account in accounts.items():
        order = maker.post(f"{claim}/orders", status=201, position=position, account=account)
        no = maker.post(f"/orders/{order['order']}/release", status=403)
        assert no["slug"] == "same_person"
        until(lambda number=order["order"]: released(checker, number))
