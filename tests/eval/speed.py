"""How long translation takes on the gold stories, to hold the cost of verification against it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import translation

if TYPE_CHECKING:
    from collections.abc import Sequence


def measure_translation(texts: Sequence[str]) -> tuple[float, str] | None:
    """Seconds for the German texts and with what; None where no package can be had.

    The bundled package, else an untrained one of its shape; loading is not counted.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        package = translation.find_bundled(folder)
        trained = package is not None
        if package is None:
            if not translation.PARALLEL.is_file():
                return None
            from tests.bench.shape import build_shape

            package = build_shape(folder / "translate-de_en-0_0", translation.read_news())
        file = folder / "sentences.txt"
        file.write_text("\n".join(" ".join(text.split()) for text in texts), encoding="utf-8")
        found = translation.run_worker("ours", package, file, trained=trained)
    what = "the bundled package" if trained else "an untrained package of the bundled shape"
    return len(texts) / float(found["sentences_per_second"]), what
