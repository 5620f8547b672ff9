"""`python -m tests.eval [SECTION...]`: all quality figures, or those of the named sections."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from pipeline.errors import FaktenblattError

# Section -> module and the function in it that prints or gives back the figures.
SECTIONS = {
    "pairs": ("tests.eval.pairs", "print_report"),
    "stories": ("tests.eval.stories", "print_report"),
    "segmentation": ("tests.eval.segmentation", "main"),
    "translation": ("tests.eval.translation", "report"),
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
        module, function = SECTIONS[name]
        try:
            text = getattr(import_module(module), function)()
        except FaktenblattError as error:
            text = f"left out: {error}"
        if text:
            print(text)
        print(f"   {time.monotonic() - start:.0f} s\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
