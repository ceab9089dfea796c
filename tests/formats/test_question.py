"""Several answers in one cell and the same in yes/no columns: either way round, nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats.question import MOST_SPREAD, Choice, Question, gathered, neither, spread

EMMIE = Question("emmie", "several", "", tuple(Choice(one) for one in ("effectiveness", "mechanisms", "economic")))


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["effectiveness", "mechanisms", "economic", "a code of old"]), unique=True))
def test_what_was_spread_is_gathered(answers):
    ordered = [one for one in ("effectiveness", "mechanisms", "economic", "a code of old") if one in answers]
    assert gathered(spread("; ".join(answers), EMMIE), EMMIE) == "; ".join(ordered)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"emmie": "mechanisms; Effectiveness"}, "mechanisms; Effectiveness"),  # no yes/no columns: as it came
        ({"emmie": "Economic", "emmie: mechanisms": "yes"}, "mechanisms; economic"),
        ({"emmie": "novel", "emmie: mechanisms": "x"}, "mechanisms; novel"),
        ({"emmie: mechanisms": "no", "emmie: economic": "FALSE"}, ""),
        ({"emmie: mechanisms": "perhaps"}, ""),
    ],
)
def test_what_both_kinds_of_columns_say_together(cells, said):
    assert gathered(cells, EMMIE) == said


def test_what_is_neither_yes_nor_no_is_told():
    assert neither({"emmie: mechanisms": "perhaps", "emmie: economic": "Yes"}, EMMIE) == [
        "emmie: mechanisms: 'perhaps' is neither yes nor no"
    ]


def test_a_question_with_very_many_answers_keeps_one_cell():
    many = tuple(Choice(f"c{number}") for number in range(MOST_SPREAD + 1))
    assert Question("country", "several", "", many[1:]).is_spread
    assert not Question("country", "several", "", many).is_spread
    assert not Question("country", "one", "", many[:3]).is_spread
