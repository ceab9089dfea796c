"""The step at which a person looks: may this release be the public one? Asked on the page of a run that is suspended."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from prefect import suspend_flow_run
from prefect.input import RunInput
from pydantic import Field, create_model

from flows import week
from flows.faults import BadInput
from tasks.publish.signing import may_sign
from warehouse.integrity import release_faults
from warehouse.review import load
from warehouse.storage import Storage


class Answer(RunInput):
    """What the person who looked says."""

    publish: bool = Field(default=True, title="Publish it", description="If not, the public map stays as it is.")
    by: str = Field(title="Who has looked", description="An id of protocol.yaml.")
    note: str = Field(default="", title="Note", description="What should be remembered of it.")
    release: str = Field(title="Release", description="Leave it as it is: the release that was looked at.")


def ask(folder: Path, root: Path) -> Answer:
    """Suspends the run of the flow until somebody answers for the release that is live now; their answer.

    Raises `BadInput` where there is nothing to sign off, or another release has gone live since the question.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    live = storage.current()
    if live is None:
        raise BadInput(f"{folder}: no release yet; evimap refresh {folder} makes one to sign off")
    if faults := release_faults(storage, live.id):
        raise BadInput(f"release {live.id} is damaged: {faults[0]}")
    able = may_sign(review)
    changes = "\n".join(f"- {what}: {n}" for what, n in week.for_the_public(storage))
    one_of: Any = Literal[able]  # known only now: a list to choose from
    asked = create_model("Answer", __base__=Answer, by=(one_of, Field(title="Who has looked")))
    answer = suspend_flow_run(
        wait_for_input=asked.with_initial_data(
            description=f"Look at `{live.folder / 'map.html'}`. **May release {live.id} be the public one?**\n\n"
            f"What would change for the public:\n\n{changes}\n",
            release=live.id,
        )
    )
    if answer.release != live.id:
        raise BadInput(f"release {live.id} has gone live since {answer.release} was looked at; look at that one, and run again")
    return answer
