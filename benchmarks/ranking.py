"""Measures how long papers take to be ranked: ``python -m benchmarks.ranking [PAPERS] [DECIDED]``.

Made-up abstracts of 180 words, as frequent as those of a language (Zipf); three in a hundred have four words of a topic, too.
So many papers are ranked by so many that were decided, and the test of recall is made of these.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import accumulate

from tasks.screening.model import Model, learn
from tasks.screening.recall import recall

WORDS = [f"w{number}" for number in range(60_000)]
LIKELY = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))


def main(papers: int = 100_000, decided: int = 20_000) -> None:
    """Prints the seconds, and after which share of the ranked papers 95 % of the relevant ones had come."""
    dice = random.Random(1)
    topic = dice.sample(WORDS[200:3000], 60)
    relevant = [dice.random() < 0.03 for _ in range(papers + decided)]
    texts = [
        " ".join(dice.choices(WORDS, cum_weights=LIKELY, k=180) + (dice.choices(topic, k=4) if one else [])) for one in relevant
    ]
    began, used = time.perf_counter(), time.process_time()
    found = learn(texts, [*relevant[:decided], *[None] * papers], 1)
    took = time.perf_counter() - began, time.process_time() - used
    if not isinstance(found, Model):
        raise SystemExit(found)
    print(f"{papers:,} papers ranked by {decided:,} decisions in {took[0]:.1f} s ({took[1]:.1f} s of a core)")
    order = sorted(range(papers), key=lambda place: -found.scores[place])
    come = list(accumulate(relevant[decided + place] for place in order))
    least = next(n for n, one in enumerate(come, 1) if one >= 0.95 * come[-1])
    print(f"95 % of the relevant ones among the first {least / papers:.1%}")
    began = time.perf_counter()
    recall(relevant[:decided], 0, papers + decided, 0.95)
    print(f"the test of recall in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
