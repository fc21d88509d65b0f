"""Bound the dates that tables may hold."""

from datetime import UTC, datetime

#: Later dates are none: `2099` is a placeholder. A fixed day, since no clock decides a row.
LATEST = datetime(2030, 1, 1, tzinfo=UTC)
