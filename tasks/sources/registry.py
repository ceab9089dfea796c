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
    europepmc,
    feed,
    govuk,
    notices,
    openalex,
    pages,
    pubmed,
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
        openalex, pubmed, europepmc, crossref, semanticscholar, core, doaj, eric, scopus, wos, datacite, clinicaltrials,
        citations, govuk, wordpress, feed, sitemap, pages, notices,
    )
}  # fmt: skip
