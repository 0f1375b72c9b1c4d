import pytest

from nmsdreports.run import progress
from nmsdreports.run.progress import FINISHED_BEFORE, Progress, how_far


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((10, 100, 0, 1.0), "10 of 100 done; 90 left, about 2 minutes"),
        ((1_000, 1_500, 2, 0.1), "1,000 of 1,500 done, 2 of them failed; 500 left, under a minute"),
        ((1, 62, 0, 1.0), "1 of 62 done; 61 left, about 1 minute"),
    ],
)
def test_how_far_a_run_is(asked, words):
    assert how_far(*asked) == words


def test_many_reports_are_summed_up_now_and_then_where_nobody_watches(capsys, monkeypatch):
    """What was finished before took no time and says nothing of the time left."""
    seconds = iter([0.0, 1.0, 30.0, 31.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    with Progress(102) as told:
        told.told(1, 102, f"Pine {FINISHED_BEFORE}", False)
        told.told(2, 102, "Elm", True)
        told.told(3, 102, "Oak", False)
    assert capsys.readouterr().err.splitlines() == [
        "  1 of 102  Pine (was finished before)",
        "  2 of 102  Elm  FAILED",
        "  2 of 102 done, 1 of them failed; 100 left, about 50 minutes",
        "  3 of 102  Oak",
    ]
