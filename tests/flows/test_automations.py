"""automations.yaml is what a Prefect server takes, and acts on events that there are."""

import re

import pytest
import yaml
from prefect.events.schemas.automations import AutomationCore, EventTrigger
from prefect.events.schemas.events import ResourceSpecification

from flows.announcing import EVENTS
from tests.shared import ROOT

TEXT = (ROOT / "automations.yaml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
AUTOMATIONS = yaml.safe_load(TEXT.replace("BLOCK_ID", "11111111-1111-4111-8111-111111111111"))["automations"]


@pytest.mark.parametrize("given", AUTOMATIONS, ids=lambda one: one["name"])
def test_an_automation_is_one_that_a_server_takes(given):
    taken = AutomationCore.model_validate(given)
    assert isinstance(taken.trigger, EventTrigger)
    assert taken.description
    assert taken.trigger.expect
    assert taken.trigger.match != ResourceSpecification.model_validate({}), "else it would act on events of others"
    for action in given["actions"]:
        if action["type"] == "send-notification":
            assert action["subject"].startswith("evimap: ")


def test_automations_and_the_page_name_the_events_that_are_told():
    named = set(re.findall(r"evimap\.[a-z]+\.[a-z]+", TEXT)) - {"evimap.review.*"}
    assert named < set(EVENTS), "and evimap.release.published is for whoever wants it"
    for event in EVENTS:
        assert f"`{event}`" in PAGE


def test_a_new_release_asks_by_the_event_that_is_told():
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    [publish] = [one for one in deployments if "publish" in one["tags"]]
    [trigger] = publish["triggers"]
    assert set(trigger["expect"]) <= set(EVENTS)
    review = yaml.safe_load((ROOT / publish["parameters"]["review"] / "protocol.yaml").read_text(encoding="utf-8"))
    assert trigger["match"] == {"prefect.resource.id": f"evimap.review.{review['review']}"}
