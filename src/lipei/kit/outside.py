"""The outside world is slow, absent or wrong: one way of asking it, for every party.

A party is a line in ``PARTIES``. ``ask`` bounds every wait, repeats what may be repeated, and
stops asking a party that fails again and again until a single trial succeeds (``circuit``).
What could not be settled is an ``Outage``, a no of the other side is ``Declined``; callers
decide what either means. No transaction may be open while a party is asked.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from lipei.kit import clock
from lipei.kit.circuit import Circuit, PartyStatus, Patience

log = logging.getLogger("lipei.outside")

# party -> the setting that holds its address
PARTIES: Mapping[str, str] = {
    "bank": "LIPEI_BANK_URL",
    "messages": "LIPEI_MESSAGES_URL",
    "core": "LIPEI_CORE_URL",
}

TROUBLED = frozenset({429, 500, 502, 503, 504})
NOT_FOUND = 404
FIRST_NO = 400
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Body = Mapping[str, object]


class Outage(Exception):
    """A party did not answer in a way that settles the matter.

    ``since`` is when it began to fail, ``reason`` says how. ``in_doubt``: what was asked may
    have been done all the same, so it is asked again under the same id, never under a new one.
    """

    def __init__(self, party: str, *, reason: str, since: datetime, in_doubt: bool) -> None:
        super().__init__(f"{party}: {reason}")
        self.party, self.reason = party, reason
        self.since, self.in_doubt = since, in_doubt


class Declined(Exception):
    """The party understood and said no: HTTP status, its own code, its own words."""

    def __init__(self, party: str, *, status: int, code: str, detail: str) -> None:
        super().__init__(f"{party}: {status} {code}")
        self.party, self.status = party, status
        self.code, self.detail = code, detail


def garbled(party: str, name: str) -> Outage:
    """The outage of a party whose answer is not understood at this name."""
    reason = f"answer not understood: {name}"
    return Outage(party, reason=reason, since=clock.now(), in_doubt=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was understood; its fields are read by name and kind, or it was not."""

    party: str
    status: int
    body: Body

    def text(self, name: str) -> str:
        """A text field. Outage if there is none."""
        value = self.body.get(name)
        if not isinstance(value, str):
            raise self._garbled(name)
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text field that may be empty."""
        return None if self.body.get(name) is None else self.text(name)

    def one_of(self, name: str, *, allowed: Iterable[str]) -> str:
        """A text that stands on a list. Outage if it does not."""
        value = self.text(name)
        if value not in set(allowed):
            raise self._garbled(name)
        return value

    def whole(self, name: str) -> int:
        """A whole number. Outage if it is none."""
        value = self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._garbled(name)
        return value

    def at_or_none(self, name: str) -> datetime | None:
        """An instant with its time zone, or none. Outage if it is neither."""
        value = self.text_or_none(name)
        if value is None:
            return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise self._garbled(name) from None
        if at.tzinfo is None:
            raise self._garbled(name)
        return at

    def at(self, name: str) -> datetime:
        """An instant with its time zone. Outage if it is none."""
        at = self.at_or_none(name)
        if at is None:
            raise self._garbled(name)
        return at

    def rows(self, name: str) -> list["Reply"]:
        """A list of objects, each read like an answer. Outage if it is none."""
        value = self.body.get(name)
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self._garbled(name)
        return [Reply(self.party, self.status, each) for each in value]

    def expect(self, name: str, *, value: object) -> None:
        """Outage unless the field holds exactly what was asked about."""
        if self.body.get(name) != value:
            raise self._garbled(name)

    def _garbled(self, name: str) -> Outage:
        return garbled(self.party, name)


class Party:
    """One party: its address, its client, its circuit."""

    def __init__(self, name: str, *, url: str, patience: Patience) -> None:
        """``url`` is the address under which all its paths stand; http or https."""
        parts = urlsplit(url)
        assert parts.scheme in ("http", "https"), f"{name}: no address"
        assert parts.hostname, f"{name}: no address"
        self.name, self.url, self.patience = name, url.rstrip("/"), patience
        self.circuit = Circuit(patience)
        self._client = httpx.Client(
            timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
            trust_env=parts.hostname not in LOOPBACK,
            headers={"Accept": "application/json"},
        )

    def ask(
        self,
        method: str,
        *,
        path: str,
        body: Body | None = None,
        params: Mapping[str, str] | None = None,
        repeatable: bool,
    ) -> Reply:
        """Ask once, or up to ``tries`` times where asking twice does no more than once.

        Raises Outage when no answer settles it, Declined when the answer is a no.
        """
        request = self._client.build_request(method, self.url + path, json=body, params=params)
        in_doubt = False
        for left in range(self.patience.tries if repeatable else 1, 0, -1):
            if not self.circuit.admits():
                break
            reply, doubt = self._once(request)
            if reply is not None:
                return self._settled(reply)
            in_doubt = in_doubt or doubt
            if left > 1:
                self._pause(left)
        status = self.circuit.status(self.name)
        raise Outage(
            self.name,
            reason=status.reason or "no answer",
            since=status.since or clock.now(),
            in_doubt=in_doubt,
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def _once(self, request: httpx.Request) -> tuple[Reply | None, bool]:
        """One try: the answer, or none and whether the request may have been done."""
        reason, doubt = "no answer", True
        try:
            response = self._client.send(request)
            reply = _understood(self.name, response)
            if reply is not None:
                self.circuit.succeeded()
                return reply, False
            reason = f"HTTP {response.status_code}"
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            reason, doubt = type(error).__name__, False
        except httpx.RequestError as error:
            reason = type(error).__name__
        if self.circuit.failed(reason):
            log.warning("party down: %s (%s)", self.name, reason)
        return None, doubt

    def _settled(self, reply: Reply) -> Reply:
        if reply.status < FIRST_NO:
            return reply
        code, detail = reply.body.get("code"), reply.body.get("detail")
        raise Declined(
            self.name, status=reply.status, code=str(code or ""), detail=str(detail or "")
        )

    def _pause(self, left: int) -> None:
        longer = 2 ** (self.patience.tries - left)
        jitter = random.uniform(0.5, 1.5)  # noqa: S311  spreads callers, protects nothing
        time.sleep(self.patience.pause_s * longer * jitter)


@dataclass(slots=True)
class _Directory:
    parties: dict[str, Party] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_directory = _Directory()


def party(name: str, *, patience: Patience | None = None) -> Party:
    """The party of this name at the address that the settings give now; one a process."""
    url = str(getattr(settings, PARTIES[name])).rstrip("/")
    with _directory.lock:
        known = _directory.parties.get(name)
        wanted = patience or (known.patience if known else Patience())
        if known is None or known.url != url or known.patience != wanted:
            known = Party(name, url=url, patience=wanted)
            _directory.parties[name] = known
        return known


def status() -> list[PartyStatus]:
    """Every party as this process knows it; one that was never asked counts as up, and one
    without an address is none."""
    there = (name for name, setting in PARTIES.items() if getattr(settings, setting))
    return [party(name).circuit.status(name) for name in there]


def forget() -> None:
    """Close all connections and forget every circuit, as a restart does."""
    with _directory.lock:
        for each in _directory.parties.values():
            each.close()
        _directory.parties.clear()


def _understood(name: str, response: httpx.Response) -> Reply | None:
    if response.status_code in TROUBLED:
        return None
    return parsed(name, status=response.status_code, raw=response.content)


def parsed(name: str, *, status: int, raw: bytes) -> Reply | None:
    """The JSON object in these bytes as an answer of this party; None if there is none."""
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return Reply(name, status, body) if isinstance(body, dict) else None
