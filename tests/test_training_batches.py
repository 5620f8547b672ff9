"""Batches, schedule and network of the recipe."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.training import batches, packing
from models.training.batches import Batch, Place, Ragged, Rounds
from models.training.parts import DOMAINS
from models.training.schedule import TrainConfig, compute_progress, compute_rate
from models.training.vocabulary import BEGIN, END, PAD
from tests.toy_recipe import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_corpus(count: int, seed: int, first: int = 10) -> packing.Corpus:
    """Lines of random ids, each beginning with an id of its own."""
    chance = np.random.default_rng(seed)
    lengths = [chance.integers(3, 40, count) for _ in range(2)]
    sides = [chance.integers(10, 500, total.sum()).astype(np.uint16) for total in lengths]
    for side, length in zip(sides, lengths, strict=True):
        side[np.cumsum(length) - length] = np.arange(first, first + count)
    return packing.Corpus(sides[0], lengths[0], sides[1], lengths[1])


def make_pieces(size: int = 60_000) -> batches.Pieces:
    """Pieces of which none can be split and none is a point."""
    none = np.zeros(0, dtype=np.int64)
    return batches.Pieces(
        none, np.zeros((size, 1, 2), dtype=np.int64), np.zeros(size, dtype=np.int64)
    )


def list_lines(cut: Sequence[Batch]) -> list[tuple[int, ...]]:
    """Source lines of batches, without marks and padding, empty rows left out."""
    lines = [tuple(row[(row != PAD) & (row != END)].tolist()) for b in cut for row in b.source]
    return [line for line in lines if line]


def test_cut_batches_holds_every_pair_once_in_fixed_shapes() -> None:
    corpus = make_corpus(500, seed=4)
    source = Ragged(corpus.source.astype(np.int64), corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64), corpus.target_lengths)
    cut = Rounds({"news": corpus}, make_pieces(), SMALL).cut_batches(source, target)
    assert {batch.source.shape for batch in cut} <= {(16, 32), (10, 48), (8, 64), (4, 128)}
    lines = list_lines(cut)
    wanted = np.split(source.ids, np.cumsum(source.lengths)[:-1])
    assert Counter(lines) == Counter(tuple(line.tolist()) for line in wanted)
    for batch in cut:
        real = batch.wanted != PAD
        assert (batch.target[:, 0] == BEGIN).all()
        # What is wanted at a place is what is given at the next.
        assert (batch.wanted[:, :-1] * (batch.target[:, 1:] != PAD)).sum() == batch.target[:, 1:][
            batch.target[:, 1:] != PAD
        ].sum()
        assert ((batch.wanted == END).sum(axis=1) == real.any(axis=1)).all()
    assert sum(b.real_tokens for b in cut) == corpus.token_count + 2 * corpus.pair_count


def test_build_round_depends_on_its_place_only() -> None:
    corpora = {"news": make_corpus(300, 5), "docs": make_corpus(300, 6, first=5000)}
    rounds = Rounds(corpora, make_pieces(), SMALL)
    first, cursors = rounds.build_round(Place())
    again, _ = Rounds(corpora, make_pieces(), SMALL).build_round(Place())
    assert all((a.source == b.source).all() for a, b in zip(first, again, strict=True))
    following, _ = rounds.build_round(Place(number=1, cursors=cursors))
    assert list_lines(following) != list_lines(first)


def test_build_round_leaves_documentation_out_late() -> None:
    corpora = {"news": make_corpus(300, 5), "docs": make_corpus(300, 6, first=5000)}
    config = dataclasses.replace(SMALL, join_rate=0.0)

    def measure_docs(progress: float) -> float:
        built, _ = Rounds(corpora, make_pieces(), config).build_round(Place(progress=progress))
        lines = list_lines(built)
        return sum(line[0] >= 5000 for line in lines) / len(lines)

    assert measure_docs(0.0) == pytest.approx(0.23 / 0.56, abs=0.05)
    assert measure_docs(0.9) == pytest.approx(0.05 / 0.55, abs=0.05)


def test_shares_name_every_domain_and_add_up() -> None:
    for shares in (batches.EARLY, batches.LATE):
        assert set(shares) == set(DOMAINS)
        assert sum(shares.values()) == pytest.approx(1.0)


def test_draw_rows_goes_through_all_pairs_before_any_comes_again() -> None:
    rows = batches.draw_rows(10, 0, 30, (1, 2))
    assert [sorted(rows[at : at + 10].tolist()) for at in (0, 10, 20)] == [list(range(10))] * 3
    assert rows[:10].tolist() != rows[10:20].tolist()
    assert batches.draw_rows(10, 7, 5, (1, 2)).tolist() == rows[7:12].tolist()


def test_join_lines_keeps_every_id_in_order() -> None:
    corpus = make_corpus(200, seed=8)
    config = dataclasses.replace(SMALL, join_rate=0.5)
    rounds = Rounds({"news": corpus}, make_pieces(), config)
    source = Ragged(corpus.source.astype(np.int64), corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64), corpus.target_lengths)
    joined, others = rounds._join_lines(source, target, np.random.default_rng(1))
    assert (joined.ids == source.ids).all()
    assert 110 < len(joined.lengths) < 180
    assert len(joined.lengths) == len(others.lengths)
    assert max(joined.lengths.max(), others.lengths.max()) <= config.join_max_tokens


@pytest.mark.parametrize(
    ("step", "progress", "share"), [(0, 0.0, 0.1), (9, 0.0, 1.0), (99, 0.5, 0.51), (99, 1.0, 0.02)]
)
def test_compute_rate_warms_up_and_falls(step: int, progress: float, share: float) -> None:
    config = TrainConfig(steps=100, warmup_steps=10, peak_rate=1e-3)
    assert compute_rate(step, progress, config) == pytest.approx(share * 1e-3)


def test_train_config_wants_one_end() -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        TrainConfig(minutes=1.0, steps=5)
    assert compute_progress(0, 30.0, TrainConfig(minutes=1.0)) == 0.5


def test_compute_loss_in_bfloat16_stays_close_and_trains() -> None:
    import torch

    from models.training.network import Network, Shape, create_weights

    shape = Shape(vocabulary=300, width=64, inner=128, heads=4, encoder_layers=2, decoder_layers=2)
    weights = {name: w.requires_grad_() for name, w in create_weights(shape, seed=1).items()}
    corpus = make_corpus(40, seed=3)
    source = Ragged(corpus.source.astype(np.int64) % 300, corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64) % 300, corpus.target_lengths)
    batch = Rounds({"news": corpus}, make_pieces(), SMALL).cut_batches(source, target)[0]
    grids = [torch.from_numpy(g).long() for g in (batch.source, batch.target, batch.wanted)]
    network = Network(shape)
    exact, plain = network.compute_loss(weights, *grids)
    assert exact == plain, "without smoothing the loss is the likelihood"
    with torch.autocast("cpu", dtype=torch.bfloat16):
        close, _ = network.compute_loss(weights, *grids, dropout=0.1, smoothing=0.1)
    assert float(close.detach()) == pytest.approx(float(exact.detach()), rel=0.05)
    close.backward()
    for name, values in weights.items():
        assert values.grad is not None, name
        assert bool(values.grad.isfinite().all()), name
        assert name.endswith(".bias") or float(values.grad.abs().sum()) > 0, name
