"""Structured logs without personal content: one JSON object a line."""

import json
import logging
import traceback


class JsonLine(logging.Formatter):
    """Level, logger, message and reference; exceptions by type and place, never by value."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)
