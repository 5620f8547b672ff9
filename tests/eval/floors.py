"""Floors of the quality figures: read by the gate, raised by hand, never lowered.

`python -m tests.eval.floors` prints what is measured beside the floors; with `--update` it writes
floors that rose. A set whose data changed gets new floors, and says so.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.eval.labelled import load_labelled
from tests.eval.pairs import evaluate_ours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.eval.labelled import LabelledSet

FLOORS_FILE = Path(__file__).parent / "data" / "floors.json"
# Another machine's arithmetic moves single pairs: one of 98 contrast pairs is .010.
MARGIN = 0.012
# The sets that are judged in seconds; ECB+ and MRPC take minutes and stand in `make eval`.
GATED = ("contrast", "multinews")
FIGURES = ("average_precision", "f1", "accuracy")


@dataclass(frozen=True, slots=True)
class Floors:
    """The data's digest and the least each figure may be."""

    digest: str
    figures: dict[str, float]


def measure(labelled: LabelledSet) -> dict[str, float]:
    """The figures of the shipped verification that have floors."""
    found = evaluate_ours(labelled)
    return {name: round(float(getattr(found, name)), 4) for name in FIGURES}


def read_floors(file: Path = FLOORS_FILE) -> dict[str, Floors]:
    """Set name -> its floors."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return {name: Floors(row["digest"], row["figures"]) for name, row in content.items()}


def raise_floors(before: Floors | None, digest: str, found: Mapping[str, float]) -> Floors:
    """The higher of floor and measured less MARGIN; new data starts anew."""
    old = before.figures if before is not None and before.digest == digest else {}
    return Floors(
        digest,
        {name: max(old.get(name, 0.0), round(value - MARGIN, 3)) for name, value in found.items()},
    )


def main(arguments: list[str]) -> None:
    """Command line."""
    floors = read_floors() if FLOORS_FILE.exists() else {}
    for name in GATED:
        labelled = load_labelled(name)
        if labelled is None:
            print(f"{name}: not on this machine, floors kept")
            continue
        found = measure(labelled)
        print(name, "measured", found, "floors", floors[name].figures if name in floors else "none")
        if name in floors and floors[name].digest != labelled.digest:
            print(f"{name}: the data changed, its floors start anew")
        floors[name] = raise_floors(floors.get(name), labelled.digest, found)
    if "--update" in arguments:
        rows = {name: asdict(floor) for name, floor in sorted(floors.items())}
        FLOORS_FILE.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
