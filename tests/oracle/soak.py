"""Thousands of random registries: `python -m tests.oracle.soak 5000 [seed]`, at the root.

Without a seed one is drawn and printed, so that what was found can be found again.
"""

import random
import sys

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.oracle.test_against_oracle import cases, check


def soak(examples: int, number: int) -> None:
    """Compare so many registries without logs and as many with all of them."""
    for logs in (False, True):

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(cases(logs))
        def judged_alike(case):
            check(case)

        judged_alike()
        print(f"{examples} registries {'with' if logs else 'without'} logs: judged alike")


if __name__ == "__main__":
    drawn = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"seed {drawn}")
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, drawn)
