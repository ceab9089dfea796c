"""Keys and e-mail addresses: put into a request on its way out, and struck out of all that comes back or is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from tasks.sources.connector import Credential, Refused

STRUCK = "***"
_SHORTEST = 8  # characters; a shorter value may be an ordinary word, and is struck out only next to its name


class Secrets:
    """The credentials of one source, with their values from the environment. Raises `Refused` if a required one is missing."""

    def __init__(self, credentials: Sequence[Credential], environment: Mapping[str, str]) -> None:
        self._values = {one: environment.get(one.variable, "").strip() for one in credentials}
        for one, value in self._values.items():
            if one.required and not value:
                raise Refused(f"{one.variable} is not set; docs/sources.md says where the key comes from")
            if not value.isprintable() or not value.isascii():
                raise Refused(f"{one.variable} has characters that no key has; set it again")
        self._values = {one: value for one, value in self._values.items() if value}

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """Those that go into the query of an address."""
        return tuple((one.name, one.form.format(value)) for one, value in self._values.items() if one.place == "query")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Those that go into the header of a request."""
        return tuple((one.name, one.form.format(value)) for one, value in self._values.items() if one.place == "header")

    def strip(self, url: str) -> str:
        """An address without them: the parameters by their names, and any by their values."""
        parts = urlsplit(url)
        names = {one.name for one in self._values}
        values = {form for value in self._values.values() for form in (value, value.replace("+", " "))}
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name not in names and value not in values]
        query = parts.query if kept == pairs else urlencode(kept)
        return self.strike(urlunsplit(parts._replace(query=query)))

    def strike(self, text: str) -> str:
        """A text for people without them."""
        for written in self._written():
            text = text.replace(written, STRUCK)
        return text

    def blank(self, body: bytes) -> bytes:
        """An answer with asterisks in their place, one a byte, so that it keeps its length: some sources repeat the request."""
        for written in self._written():
            data = written.encode()
            if data in body:
                body = body.replace(data, b"*" * len(data))
        return body

    def _written(self) -> list[str]:
        """Every way in which they may be written, the longest first."""
        found: set[str] = set()
        for one, value in self._values.items():
            forms = {value, quote(value), quote(value, safe=""), quote_plus(value)}
            found |= {f"{one.name}={form}" for form in forms}
            if len(value) >= _SHORTEST and "@" not in value:  # an e-mail address may be an author's as well
                found |= forms
        return sorted(found, key=len, reverse=True)
