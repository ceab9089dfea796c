"""What the protocol says becomes tables."""

from flows.start import start
from tasks.records.frame import frame
from warehouse.review import load


def test_codes_that_do_not_go_together_are_a_row_for_each_dimension(tmp_path):
    start(tmp_path / "review")
    path = tmp_path / "review" / "protocol.yaml"
    declared = "\n    - {outcome: other, topic: first, why: ' One. '}\n    - {topic: second, kind: review, why: Two}\n   "
    path.write_text(path.read_text().replace("not_applicable: []", f"not_applicable:{declared}"))
    assert frame(load(tmp_path / "review"))["staging.not_applicable"].to_pylist() == [
        {"review": "review", "combination": n, "dimension": dimension, "code": code, "why": why}
        for n, dimension, code, why in (
            (1, "outcome", "other", "One."),
            (1, "topic", "first", "One."),
            (2, "topic", "second", "Two"),
            (2, "kind", "review", "Two"),
        )
    ]
