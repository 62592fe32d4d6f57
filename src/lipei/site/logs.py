"""Structured logs without personal content: one JSON object a line.

A line tells what happened and where. What was typed, sent or kept does not stand in it: an
exception is told by its kind and place, a job without its arguments, and whatever looks like a
telephone, identity or account number, or is the link of an invitation, is struck out, whoever
wrote the line.
"""

import json
import logging
import re
import traceback

NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])\d{11,}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?:\d{4}[ -]){3,4}\d{1,4}(?![0-9A-Za-z])"
)
LINK = re.compile(r"/join/[^/\s]+")
STRUCK = "…"
QUEUE = "procrastinate"


class JsonLine(logging.Formatter):
    """Level, logger, message and reference; exceptions by type and place, never by value."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "from": record.name,
            "says": LINK.sub(f"/join/{STRUCK}", NUMBER.sub(STRUCK, _words_of(record))),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)


def _words_of(record: logging.LogRecord) -> str:
    """The message; of the queue's own lines the deed, the task and the number of the job."""
    if record.name.partition(".")[0] != QUEUE:
        return record.getMessage()
    job = getattr(record, "job", None)
    told = job if isinstance(job, dict) else {}
    words = [str(getattr(record, "action", "")), str(told.get("task_name") or "")]
    if told.get("id"):
        words.append(f"#{told['id']}")
    return " ".join(filter(None, words)) or record.getMessage().partition("(")[0]
