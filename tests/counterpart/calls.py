"""The requests that the tests of the counterpart begin with."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

ACCOUNT = "6222020200000009999"


def payment(**changes: Any) -> dict[str, Any]:
    """A payment order that the bank takes, with a request id of its own."""
    return {
        "request_id": f"R-{uuid4().hex}",
        "order_no": "P2026-0001",
        "account_no": ACCOUNT,
        "account_name": "张三",
        "amount_fen": 320_000,
        "purpose": "车险赔款",
    } | changes


def message(**changes: Any) -> dict[str, Any]:
    """A one-time code to a phone, with a message id of its own."""
    return {
        "message_id": f"M-{uuid4().hex}",
        "to": "13800138000",
        "template": "LP1001",
        "variables": {"code": "482913", "minutes": "5"},
    } | changes


def until(met: Callable[[], Any], *, seconds: float = 5) -> Any:
    """Wait until ``met()`` is truthy and return it; fails after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = met()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")
