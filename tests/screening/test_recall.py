"""The stopping test of Callaghan and Müller-Hansen (2020), held against its definition in whole numbers."""

import random
from fractions import Fraction
from math import comb

import pytest

from tasks.screening.recall import doubt, recall


def by_definition(order, before, papers, target):
    """The least of the hypergeometric probabilities of all samples that end with the last paper."""
    found = before + sum(order)
    fewest = found / target // 1 + 1
    least = Fraction(1)
    for start in range(len(order)):
        drawn = sum(order[start:])
        relevant, urn, size = int(fewest) - (found - drawn), papers - start, len(order) - start
        if relevant > urn:
            return 0.0
        ways = sum(comb(relevant, n) * comb(urn - relevant, size - n) for n in range(drawn + 1))
        least = min(least, Fraction(ways, comb(urn, size)))
    return float(least)


def test_p_is_that_of_the_definition():
    dice = random.Random(1)
    for _ in range(200):
        likely = dice.random()
        order = [dice.random() < likely for _ in range(dice.randint(1, 40))]
        before, papers, target = dice.randint(0, 5), len(order) + dice.randint(0, 40), Fraction(dice.randint(50, 99), 100)
        if before + sum(order):
            assert doubt(order, before, papers, target) == pytest.approx(by_definition(order, before, papers, target), abs=1e-9)


def test_a_long_run_without_a_relevant_paper_makes_it_sure():
    early = [True] * 20 + [False] * 20
    few, many = recall(early, 0, 1000, 0.95), recall(early + [False] * 900, 0, 1000, 0.95)
    assert few.p > 0.9
    assert few.at_least < 0.95 <= many.at_least
    assert many.p < 0.05


def test_relevant_papers_to_the_end_leave_it_in_doubt():
    assert recall([True, False] * 200, 0, 1000, 0.95).p > 0.9


def test_a_target_that_is_met_by_a_whole_number_is_no_miss():
    """19 of 20 are 95 %: the target is missed from 21 relevant papers on, so that with one open it cannot be."""
    assert doubt([True] * 19, 0, 20, Fraction("0.95")) == 0
    assert doubt([True] * 19, 0, 21, Fraction("0.95")) > 0.9


def test_it_errs_rarely_where_papers_come_at_random():
    """In random order, the worst that it is made for, p below 0.05 is wrong in at most 5 % of reviews at one look."""
    dice, missed, reviews = random.Random(4), 0, 400
    for _ in range(reviews):
        papers = [True] * 30 + [False] * 370
        dice.shuffle(papers)
        seen = papers[:340]
        missed += sum(seen) < 0.95 * 30 and doubt(seen, 0, 400, Fraction("0.95")) < 0.05
    assert missed / reviews <= 0.05


@pytest.mark.parametrize(
    ("order", "reason"), [([], "no paper that was sent by rank is decided"), ([False] * 9, "no paper has passed")]
)
def test_where_there_is_nothing_to_tell_the_reason_is_told(order, reason):
    told = recall(order, 0, 100, 0.95)
    assert (told.p, told.at_least) == (None, None)
    assert told.undefined.startswith(reason)
