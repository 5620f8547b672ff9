"""A translation killed with SIGKILL goes on where it was, to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.kill import kill_and_finish

# `python -m tests.bench.kill PACKAGE 20` is the long form.
KILLS = 2


@pytest.mark.usefixtures("own_home", "no_bundled")
def test_a_killed_translation_finishes_with_the_same_bytes(
    toy_package: Path, tmp_path: Path
) -> None:
    outcomes = kill_and_finish(toy_package, tmp_path, KILLS)
    assert [outcome for outcome in outcomes if not outcome.is_sound] == []
