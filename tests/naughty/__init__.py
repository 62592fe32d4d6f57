"""The entries that break software: one list for the pages and the API.

`blns.json` is the Big List of Naughty Strings, as it is published at
https://github.com/minimaxir/big-list-of-naughty-strings under the MIT licence, which lies
beside it. ABSURD adds what a claims department has to fear of its own.
"""

import json
from pathlib import Path

BLNS: tuple[str, ...] = tuple(
    dict.fromkeys(json.loads(Path(__file__).with_name("blns.json").read_text("utf-8")))
)
ABSURD = (
    "\u202e反向\u0007", "𠮷" * 300, "x" * 30_000, "-1", "99999999999999999999", "9" * 400,
    "-0", "1e9", "1e999", "0.001", "NaN", "2147483648", "9223372036854775808", "2999-12-31T23:59",
    "0001-01-01", "0000-00-00", "9999-12-31", "9999-12-31T23:59:59+14:00", "2026-02-30",
    "10000-01-01", "'; DROP TABLE general_claim; --", "{{ 7|add:7 }}", "../../etc/passwd",
    "\ufeff\u200b", "٣٤", "²", "%s%n%d", "\x00", "a\x00b", "%00", "\ufffe", "\r\nSet-Cookie: a=b",
    "[]", "{}", "on", "a" * 65, "😀" * 41,
)  # fmt: skip
"""Absurd numbers and dates, overlong text, the NUL character, what looks like code."""
ENTRIES: tuple[str, ...] = tuple(dict.fromkeys((*BLNS, *ABSURD)))
SURROGATE = b"%ED%A0%80"
"""Half a character as a browser can send it: in the bytes of a form or an address."""
