"""When a source may be asked again, out of the headers of an answer that refuses for now.

A connector has no clock: a moment is measured from the answer's own ``Date``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORT = 120.0  # seconds that can be waited for within a run; a longer wait means that the limit of a day or week is reached
_EPOCH = 1e9  # numbers above are moments, not seconds to wait
_MILLISECONDS = 1e11


def seconds(headers: Mapping[str, str], *names: str) -> float | None:
    """How long to wait by the first of the headers that can be read.

    A value may be seconds, a moment as seconds or milliseconds since 1970, a date of HTTP, or ISO 8601.
    """
    for name in names:
        found = _seconds(headers.get(name), headers.get("date"))
        if found is not None:
            return max(0.0, found)
    return None


def _seconds(value: str | None, answered: str | None) -> float | None:
    if not value or not value.strip():
        return None
    try:
        number = float(value)
    except ValueError:
        moment = _moment(value.strip())
    else:
        if not number < _EPOCH:  # also for "nan"
            moment = number / 1000 if number >= _MILLISECONDS else number
        else:
            return number
    now = _moment(answered.strip()) if answered else None
    return None if moment is None or now is None or not abs(moment) < _MILLISECONDS else moment - now


def _moment(value: str) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(value)
        except (ValueError, TypeError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return None
