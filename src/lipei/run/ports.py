"""Ports: whether one is free, and one that is."""

import socket
import time

from lipei.run.trouble import Trouble

HIGHEST_PORT = 65535
PRIVILEGED_BELOW = 1024
LETS_GO_S = 10.0
LOOK_AGAIN_S = 0.1


def free_port(*, bind: str = "127.0.0.1") -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as door:
        door.bind((bind, 0))
        number: int = door.getsockname()[1]
        return number


def is_free(port: int, *, bind: str) -> bool:
    """True when we could listen there."""
    try:
        _listen(port, bind=bind)
    except (OSError, OverflowError):
        return False
    return True


def wait_until_free(port: int, *, bind: str) -> None:
    """Wait a little for the port of a program that was ended: its children let go of it later."""
    deadline = time.monotonic() + LETS_GO_S
    while not is_free(port, bind=bind) and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_S)


def ensure_free(port: int, *, bind: str) -> None:
    """Refuse a port or an address that we cannot listen on."""
    if not 0 < port <= HIGHEST_PORT:
        raise Trouble(f"There is no port {port}.", way_out="Ports go from 1 to 65535.")
    try:
        _listen(port, bind=bind)
    except PermissionError as error:
        raise Trouble(
            f"Port {port} may only be used by root.",
            way_out=f"Take one from {PRIVILEGED_BELOW} up, for example --port 8000.",
        ) from error
    except socket.gaierror as error:
        raise Trouble(
            f"{bind} is no address of this machine.", way_out="Give one, or leave --bind away."
        ) from error
    except OSError as error:
        raise _explained(error, port=port, bind=bind) from error


def _listen(port: int, *, bind: str) -> None:
    family, kind, _, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(1)


def _explained(error: OSError, *, port: int, bind: str) -> Trouble:
    if "assign" in str(error):
        return Trouble(
            f"{bind} is no address of this machine.", way_out="Give one, or leave --bind away."
        )
    other = next((p for p in range(port + 1, port + 100) if is_free(p, bind=bind)), port + 1)
    return Trouble(
        f"Port {port} on {bind} is taken by another program.",
        way_out=f"Stop that program, or take another port: ./lipei up --port {other}",
    )
