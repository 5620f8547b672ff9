"""The command line: the only room that prints.

Results go to standard output, progress and notes to standard error. Exit codes: 0 done, 1 a data
or model problem, 2 a usage problem.
"""

from __future__ import annotations

from pipeline.cli.app import app, main

__all__ = ["app", "main"]
