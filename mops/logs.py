"""What is written down of a request that was refused."""

import logging

FIRST_FAULT = 500


class RefusalsInALine(logging.Filter):
    """Answers below 500 are told in one line: where a refusal was raised is no news."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback off; every record passes."""
        if getattr(record, "status_code", FIRST_FAULT) < FIRST_FAULT:
            record.exc_info = record.exc_text = None
        return True
