"""`python -m tests.bench [NAME ...]`: every benchmark, or the named ones."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys

BENCHMARKS = ("translation", "dedup")


def main() -> int:
    """Each benchmark's report on standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    for name in parser.parse_args().names or BENCHMARKS:
        if importlib.util.find_spec(f"tests.bench.{name}") is None:
            print(f"{name}: no such benchmark here", file=sys.stderr)
            continue
        print(importlib.import_module(f"tests.bench.{name}").report(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
