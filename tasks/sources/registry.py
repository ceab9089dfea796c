"""All connectors by name. A new one is a module that exposes CONNECTOR, a line here, and its name in `warehouse.review`."""

from __future__ import annotations

from tasks.sources import (
    citations,
    clinicaltrials,
    core,
    crossref,
    datacite,
    doaj,
    eric,
    feed,
    govuk,
    notices,
    openalex,
    pages,
    scopus,
    semanticscholar,
    sitemap,
    wordpress,
    wos,
)
from tasks.sources.connector import Connector

CONNECTORS: dict[str, Connector] = {
    module.CONNECTOR.name: module.CONNECTOR
    for module in (
        openalex, crossref, semanticscholar, core, doaj, scopus, wos, datacite, citations, govuk, wordpress,
        notices, eric, clinicaltrials, feed, sitemap, pages,
    )
}  # fmt: skip
