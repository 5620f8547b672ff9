"""`python -m tests.eval [SECTION...]`: all quality figures, or those of the named sections."""

from __future__ import annotations

import sys
import time
from importlib import import_module

# Section -> module whose `print_report()` prints it.
SECTIONS = {
    "pairs": "tests.eval.pairs",
    "stories": "tests.eval.stories",
    "segmentation": "tests.eval.segmentation",
    "translation": "tests.eval.translation",
}


def main(names: list[str]) -> int:
    """Prints the sections; 2 when one is not known."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"no section {unknown[0]!r}; known are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    for name in names or SECTIONS:
        start = time.monotonic()
        print(f"== {name}")
        import_module(SECTIONS[name]).print_report()
        print(f"   {time.monotonic() - start:.0f} s\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
