"""The quality gate: figures on labelled data may rise, never fall unnoticed.

`python -m pytest tests/test_eval_gate.py` holds every figure to its floor in
`tests/eval/data/floors.json`; `python -m tests.eval.floors --update` raises floors to what was
measured less a margin, and never lowers one. Data that is not part of the repository is looked
for in ../shared.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.eval.floors import (
    FLOORS_FILE,
    GATED,
    MARGIN,
    Floors,
    measure,
    raise_floors,
    read_floors,
)
from tests.eval.labelled import load_labelled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", GATED)
def test_figures_reach_their_floors(name: str) -> None:
    labelled = load_labelled(name)
    if labelled is None:
        pytest.skip(f"{name} may not be copied into the repository and ../shared is not here")
    floors = read_floors()[name]
    if labelled.digest != floors.digest:
        pytest.fail(f"{name}: the data is not that of the floors; run tests.eval.floors --update")
    found = measure(labelled)
    fallen = {
        key: (found[key], floor) for key, floor in floors.figures.items() if found[key] < floor
    }
    assert not fallen


def test_floors_name_every_gated_set() -> None:
    assert set(read_floors()) == set(GATED)


def test_raise_floors_never_lowers_one() -> None:
    before = Floors("d", {"f1": 0.8, "average_precision": 0.7})
    after = raise_floors(before, "d", {"f1": 0.6, "average_precision": 0.9})
    assert after.figures == {"f1": 0.8, "average_precision": round(0.9 - MARGIN, 3)}


def test_raise_floors_starts_anew_where_the_data_changed() -> None:
    after = raise_floors(Floors("old", {"f1": 0.8}), "new", {"f1": 0.7})
    assert after == Floors("new", {"f1": round(0.7 - MARGIN, 3)})


def test_read_floors_reads_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    file.write_text(json.dumps({"x": {"digest": "d", "figures": {"f1": 0.5}}}), encoding="utf-8")
    assert read_floors(file) == {"x": Floors("d", {"f1": 0.5})}
    assert FLOORS_FILE.exists()
