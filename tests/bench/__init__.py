"""Speed and memory beside the peers, as ratios: `python -m tests.bench [translation] ...`."""
