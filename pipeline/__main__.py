"""`python -m pipeline` is `faktenblatt`."""

from pipeline.cli import main

main()
