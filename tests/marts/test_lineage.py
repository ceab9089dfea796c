"""The lineage of a mart is just what it cannot be made without."""

from datetime import datetime

import pytest

from flows.start import start
from tasks.marts.build import ORDER, SQL, bound
from tasks.marts.lineage import lineage
from warehouse import account
from warehouse.engine import Engine, EngineError
from warehouse.review import load
from warehouse.tables.catalogue import table

NAMED = {"review": "r", "release_id": "x", "as_of": datetime(2026, 1, 1)}
AFTER = {
    mart: {name for name in account.ACCOUNT if f"after.{name.removeprefix('published_')}" in (SQL / f"{mart}.sql").read_text()}
    for mart in ORDER
}


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "r"
    start(folder)
    return bound(load(folder), account.Named("x", None, NAMED["as_of"]))


def make(mart, names, values):
    """The mart from nothing but empty tables of these names, and what this release will say, made of them."""
    with Engine({name: table(name).empty() for name in names}) as engine:
        for name in AFTER[mart]:
            told = engine.produce(
                f"log.{name}", account.SQL / f"{name}.sql", review="r", release_id="x", as_of=datetime(2026, 1, 1)
            )
            account.put(engine, "after", {name: told})
        account.put(engine, "before", {f"published_{name.partition('.published_')[2]}": table(name).empty()
                                       for name in names if name.startswith("log.published_")})  # fmt: skip
        for part in ("flow", "tally") if "marts.prisma_flow" in names else ():
            engine.keep(f"since.{part}", table("marts.prisma_flow").empty())
        for part in {"staging.record", "staging.search"} & names:
            engine.keep(part.replace("staging", "since"), table(part).empty())
        return engine.produce(f"marts.{mart}", SQL / f"{mart}.sql", **values)


@pytest.mark.parametrize("mart", ORDER)
def test_a_mart_is_made_of_its_lineage_and_of_nothing_less(mart, values):
    names = lineage()[f"marts.{mart}"]
    assert names
    make(mart, names, values)
    for name in sorted(names):
        with pytest.raises(EngineError, match="does not exist"):
            make(mart, names - {name}, values)
