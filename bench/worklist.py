"""The desk's work list over HTTP, with ten thousand and with a million open claims: a clerk's
views, and the to-do list of an assessor, who is found the claims that owe an estimate."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from bench import ground, load
from bench.filing import programs
from bench.table import Row, percentile
from lipei.ch01_general.models import Staff
from lipei.run.ports import free_port

SIZES = (10_000, 1_000_000)
CLERK, ASSESSOR = "wangmin", "lijun"
VIEWS = (
    (CLERK, "/desk/"), (CLERK, "/desk/?view=mine"), (CLERK, "/desk/?view=overdue"),
    (CLERK, "/desk/?view=soon"), (ASSESSOR, "/desk/"),
)  # fmt: skip
REQUESTS = 400


def measure(small: bool) -> list[Row]:
    """Ask for the list's views in turn, as a clerk with claims of her own and as an assessor,
    at both sizes."""
    ground.lay()
    rows, before = [], 0
    for size in SIZES[: 1 if small else 2]:
        ground.open_claims(before + 1, size)
        before = size
        port = free_port()
        with programs(port):
            cookies = {who: _session(who) for who in (CLERK, ASSESSOR)}
            load.run(port, _request(cookies), clients=1, requests=40)
            found = load.run(port, _request(cookies), clients=1, requests=REQUESTS)
        assert set(found.statuses) == {200}, found.statuses
        name = f"work list with {size:,} open claims"
        rows.append(Row(f"{name}, p50", percentile(found.latencies, 0.5) * 1000, None, "ms"))
        rows.append(Row(f"{name}, p99", percentile(found.latencies, 0.99) * 1000, 50, "ms"))
    return rows


def _session(username: str) -> str:
    """A signed-in session with both factors, as the sign-in makes it."""
    person = Staff.objects.get(username=username)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get(user=person).persistent_id
    store.save()
    return str(store.session_key)


def _request(cookies: dict[str, str]) -> load.Made:
    def made(n: int) -> bytes:
        who, path = VIEWS[n % len(VIEWS)]
        return (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={cookies[who]}\r\n\r\n"
        ).encode()

    return made
