"""What docs/sources.md says: each connector has its section, and each example is one that a protocol may have."""

import re
from typing import get_args

import pytest
import yaml

from tasks.sources.registry import CONNECTORS
from tests.shared import ROOT
from warehouse.configuration.sources import ConnectorName, Source

TEXT = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = [one for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) for one in yaml.safe_load(block)]


def test_every_connector_that_a_protocol_may_name_is_there_and_documented():
    names = set(get_args(ConnectorName))
    assert set(CONNECTORS) == names
    assert {example["connector"] for example in EXAMPLES if "connector" in example} == names


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['id']}")
def test_an_example_is_a_source_that_its_connector_can_work_with(example):
    source = Source.model_validate(example)
    if source.connector is None:
        return
    connector = CONNECTORS[source.connector]
    for strategy in source.strategies:
        given = {"query": bool(strategy.query), "site": source.site is not None, "direction": strategy.direction is not None}
        assert [need for need in connector.needs if not given[need]] == []
        assert connector.faults(source, strategy) == []


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_the_variables_of_a_connector_are_documented(name):
    for credential in CONNECTORS[name].credentials:
        assert credential.variable in TEXT
