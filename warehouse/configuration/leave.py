"""``leave.yaml``: who is away."""

from __future__ import annotations

from datetime import date

from pydantic import model_validator

from warehouse.configuration.names import Id
from warehouse.yaml import Model


class Leave(Model):
    """Days on which somebody gets no work, the first and the last among them."""

    person: Id
    since: date
    until: date

    @model_validator(mode="after")
    def _in_order(self) -> Leave:
        if self.until < self.since:
            raise ValueError(f"until {self.until} is before since {self.since}")
        return self


class Leaves(Model):
    """``leave.yaml``. No part of the protocol: it changes who is asked, and nothing that is published."""

    leave: tuple[Leave, ...] = ()
