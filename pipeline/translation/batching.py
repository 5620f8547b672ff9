"""How many sentences go to the model at once, and how many threads work on them.

CTranslate2 is fastest on batches of equally long sentences. What stands together in a batch
depends on the texts alone, never on the machine or on what the cache already has: a rerun after
a kill translates the missing batches exactly as the undisturbed run would have, to the last bit.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# 8+2 layers of 512, sentences a core-second: 512 tokens a batch 36, 1024 47-48, 2048 43.
MAX_BATCH_TOKENS = 1024
MIN_BATCH_TOKENS = 256
# A small job is cut into about that many batches, so that every worker has some.
BATCHES_WANTED = 8


def plan_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indices of the texts with these token counts, in batches of similar length, longest first.

    A batch holds at most MAX_BATCH_TOKENS, padding counted, or one single text.
    """
    budget = min(MAX_BATCH_TOKENS, max(MIN_BATCH_TOKENS, sum(lengths) // BATCHES_WANTED))
    order = sorted(range(len(lengths)), key=lambda index: (-lengths[index], index))
    batches: list[list[int]] = []
    room = 0
    for index in order:
        if room <= 0:  # the first text is the longest: all others are padded to it
            batches.append([])
            room = max(1, budget // max(1, lengths[index]))
        batches[-1].append(index)
        room -= 1
    return batches


def choose_threads(batch_count: int) -> tuple[int, int]:
    """Translators at once and threads of each, for that many batches.

    Measured on two cores: two translators with one thread each are 1.9 x one with two threads
    as soon as there are batches for both; a single batch wants all threads.
    """
    cores = count_cores()
    workers = max(1, min(cores, batch_count))
    return workers, max(1, cores // workers)


def count_cores() -> int:
    """Cores this process may use: its affinity, and the limit of its control group."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    cores = available or os.cpu_count() or 1
    limit = Path("/sys/fs/cgroup/cpu.max")
    if limit.is_file():
        quota, _, period = limit.read_text(encoding="ascii").strip().partition(" ")
        if quota.isdigit() and period.isdigit():
            cores = min(cores, max(1, int(quota) // int(period)))
    return cores
