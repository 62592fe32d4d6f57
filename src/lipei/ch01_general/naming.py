"""How people of the house and branches are named: checked at every door by the same rules."""

import re

from lipei.kit import checks
from lipei.kit.refusal import Refused

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
BRANCH = re.compile(r"[A-Z0-9]{1,12}")
NAME_LIMIT, BRANCH_LIMIT, DEPARTMENT_LIMIT = 40, 80, 40
LINE = 100


def username(value: object, *, field: str = "username") -> str:
    """The name somebody signs in with; the journal names them by it, so it never changes."""
    text = checks.plain_text(value, field=field, limit=LINE, lines=False, empty=False).lower()
    return _held(text, USERNAME, slug="username_wrong", field=field)


def staff_name(value: object, *, field: str = "name") -> str:
    """What somebody of the house is called."""
    name = checks.person_name(value, field=field)
    if len(name) > NAME_LIMIT:
        raise Refused("text_too_long", field=field, limit=NAME_LIMIT)
    return name


def staff_number(value: object, *, field: str = "number") -> str:
    """The staff number, as it stands on the badge."""
    text = checks.plain_text(value, field=field, limit=LINE, lines=False, empty=False).upper()
    return _held(text, NUMBER, slug="staff_number_wrong", field=field)


def branch_code(value: object, *, field: str = "code") -> str:
    """The number of a branch, by which files and colleagues name it."""
    text = checks.plain_text(value, field=field, limit=LINE, lines=False, empty=False).upper()
    return _held(text, BRANCH, slug="branch_code_wrong", field=field)


def branch_name(value: object, *, field: str = "name") -> str:
    """What a branch is called."""
    return checks.plain_text(value, field=field, limit=BRANCH_LIMIT, lines=False, empty=False)


def department_name(value: object, *, field: str = "department") -> str:
    """What a department is called."""
    return checks.plain_text(value, field=field, limit=DEPARTMENT_LIMIT, lines=False, empty=False)


def _held(text: str, shape: re.Pattern[str], *, slug: str, field: str) -> str:
    if not shape.fullmatch(text):
        raise Refused(slug, field=field)
    return text
