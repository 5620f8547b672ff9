"""Faktenblatt: many outlets' articles on one story in, one bilingual fact sheet out, offline.

    from pipeline import build_fact_sheet, deduplicate, translate

mean what the commands `run`, `dedup` and `translate` mean, with frames as results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.dedup import deduplicate
    from pipeline.run import build_fact_sheet, translate

__version__ = "0.1.0"
__all__ = ["__version__", "build_fact_sheet", "deduplicate", "translate"]


def __getattr__(name: str) -> object:
    """The public functions, imported when first asked for: `import pipeline` stays light."""
    if name == "deduplicate":
        from pipeline.dedup import deduplicate

        return deduplicate
    if name in {"build_fact_sheet", "translate"}:
        from pipeline import run

        return getattr(run, name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
