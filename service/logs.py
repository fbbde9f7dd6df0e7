"""What `rinvio serve` writes to stderr: a JSON object a line, readable text on a terminal."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.orjson import OrjsonFormatter

from service.context import in_hand


def log_config(terminal: bool) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes, and uvicorn for its processes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"known": {"()": "service.logs.Known"}},
        "formatters": {"chosen": {"()": f"service.logs.{'Text' if terminal else 'Lines'}"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["known"],
                "formatter": "chosen",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"rinvio": {"level": "INFO"}, "uvicorn": {"level": "INFO"}},
    }


class Known(logging.Filter):
    """Adds the time (UTC) and, within a request, its id to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, and say more in it."""
        moment = datetime.fromtimestamp(record.created, UTC)
        known = {"time": moment.isoformat(timespec="milliseconds")}
        facts = in_hand()
        if facts is not None:
            known["request_id"] = facts.id
        vars(record).update(known)
        return True


class Lines(OrjsonFormatter):
    """A record as one JSON object: time, level, message, and what else it carries."""

    def __init__(self) -> None:
        """Choose the fields and their order."""
        super().__init__(
            ["time", "levelname", "message"],
            rename_fields={"levelname": "level", "exc_info": "traceback"},
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],  # uvicorn's, for terminals
        )

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """The traceback without the question."""
        return _without_question(str(super().formatException(ei)))


class Text(logging.Formatter):
    """A record as a line for people, a traceback below it."""

    def __init__(self) -> None:
        """Say when, how grave and what."""
        super().__init__("{time:.19} {levelname:7} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line, with the figures of a request where it tells of one."""
        known = vars(record)
        if "route" in known:
            record.message = "{method} {route} {status} {ms} ms".format_map(known)
        if "question" in known:
            record.message += f" {known['question']!r}"
        if "request_id" in known:
            record.message += f" [{known['request_id']}]"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """The traceback without the question."""
        return _without_question(super().formatException(ei))


def _without_question(text: str) -> str:
    """An error's own words may quote the question that led to it."""
    facts = in_hand()
    asked = facts.question.strip() if facts and facts.question else ""
    if not asked:
        return text
    forms = "|".join(map(re.escape, (asked, repr(asked)[1:-1])))
    return re.sub(rf"(?<!\w)(?:{forms})(?!\w)", "[question]", text, flags=re.IGNORECASE)
