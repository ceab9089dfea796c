"""Questions to a Prefect server, as anybody with its address can ask them."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_PATIENCE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the server's clock (UTC) if it told it, and what it said."""

    status: int
    clock: datetime | None
    said: Any  # JSON of the server's own making


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect API: its address, and the user and password that it wants, if it wants any (PREFECT_API_AUTH_STRING)."""

    url: str
    auth: str | None = None

    def ask(self, path: str, body: dict[str, object] | None = None, anonymous: bool = False) -> Answer:
        """One question. Raises OSError where nobody answers, ValueError where the answer is none of a Prefect server."""
        headers = {"Content-Type": "application/json"}
        if self.auth and not anonymous:
            headers["Authorization"] = "Basic " + base64.b64encode(self.auth.encode()).decode()
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url.rstrip('/')}/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                return Answer(answer.status, _clock(answer.headers.get("Date")), json.load(answer))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _clock(error.headers.get("Date")), None)


def _clock(date: str | None) -> datetime | None:
    return parsedate_to_datetime(date).astimezone(UTC).replace(tzinfo=None) if date else None
