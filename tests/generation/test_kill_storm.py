"""Random kills, in short; `kill_storm.py` is the long run."""

from pathlib import Path

from tests.generation.kill_storm import storm


def test_random_kills_of_two_runs_at_once_break_no_promise(tmp_path: Path):
    """Thirty kills at random moments: nothing paid twice, over the cap, or unrecorded."""
    result = storm(30, 20261124, tmp_path)
    assert result.kills >= 30
    assert result.charges > 0
    assert result.broken == [], result.report()
