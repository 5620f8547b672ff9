"""Verification gives the same bytes for any number of threads and any order of its input."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
import torch
from threadpoolctl import threadpool_limits

from pipeline.config import MatchingConfig
from pipeline.embedding import SentenceTransformerEmbedder, load_embedder
from pipeline.pairs.model import load_same_fact_model
from pipeline.pairs.verification import verify_pairs
from pipeline.schemas import CANDIDATES, UNITS
from tests.eval.labelled import build_couples

PAIRS_FILE = Path(__file__).parent / "data" / "details_own.jsonl"
THREADS = (1, 2, 4)


@pytest.fixture
def own_threads() -> Iterator[None]:
    """The number of threads as it was, afterwards."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@lru_cache(maxsize=1)
def make_input() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units and candidates: one story of 16 sentences, all of its pairs, and five lone pairs."""
    rows = [json.loads(line) for line in PAIRS_FILE.read_text(encoding="utf-8").splitlines()]
    lone = build_couples("lone", [(r["a"], r["b"], 0, "") for r in rows[::30]], PAIRS_FILE)
    told = build_couples("told", [(r["a"], r["b"], 0, "") for r in rows[:8]], PAIRS_FILE)
    story = told.units.with_columns(story_id=pl.lit("told"))
    pairs = [
        {"story_id": "told", "unit_left": a, "unit_right": b, "jaccard": 0.0, "cosine": 0.0}
        for a, b in combinations(story["unit_id"].to_list(), 2)
    ]
    units = UNITS.check(pl.concat([lone.units, story]))
    return units, pl.concat([lone.candidates, CANDIDATES.build(pairs)])


def verify_with(threads: int, seed: int) -> bytes:
    """The verified pairs as bytes: every text embedded anew, input shuffled."""
    units, candidates = (
        frame.sample(fraction=1.0, shuffle=True, seed=seed) for frame in make_input()
    )
    shipped = load_embedder()
    torch.set_num_threads(threads)
    with threadpool_limits(limits=threads):
        pairs = verify_pairs(
            candidates, units, MatchingConfig(),
            embedder=SentenceTransformerEmbedder(shipped.name, shipped.folder, shipped.digest),
            model=load_same_fact_model(),
        )  # fmt: skip
    written = io.BytesIO()
    pairs.write_ipc(written)
    return written.getvalue()


@pytest.mark.usefixtures("own_threads")
def test_verify_pairs_gives_the_same_bytes_for_any_threads_and_order() -> None:
    seeds = random.Random(4).sample(range(1000), len(THREADS))
    found = [verify_with(threads, seed) for threads, seed in zip(THREADS, seeds, strict=True)]
    assert len(set(found)) == 1
