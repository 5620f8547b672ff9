"""Batches of a few fixed shapes out of packed ids, in an order that a checkpoint can take up again.

Work comes in rounds of a few hundred batches. A round draws its pairs domain by domain (each
domain is an endless row of shuffled passes over its pairs), changes some of them, sorts them by
length into buckets and shuffles the batches. All of it is numpy over whole arrays: no per-token
Python, so one CPU thread keeps a GPU busy. A round is a function of (seed, number, cursors,
progress) and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from models.training.parts import DOMAINS
from models.training.vocabulary import BEGIN, END, PAD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from models.training.packing import Corpus

    Array = NDArray[np.int64]

# Shares of the tokens. Documentation teaches grammar early on and is mostly left out of the last
# third, when the learning rate falls and the register settles. At 800 M tokens in all, news,
# challenge and wiki come about twenty times, documentation six times.
EARLY = {
    "news": 0.33,
    "challenge": 0.25,
    "short": 0.06,
    "wiki": 0.02,
    "web": 0.06,
    "docs": 0.23,
    "made": 0.02,
    "noisy": 0.03,
}
LATE = {
    "news": 0.50,
    "challenge": 0.28,
    "short": 0.05,
    "wiki": 0.03,
    "web": 0.03,
    "docs": 0.05,
    "made": 0.03,
    "noisy": 0.03,
}


@dataclass(frozen=True, slots=True)
class BatchConfig:
    """How pairs become batches."""

    batch_tokens: int = 65_536  # padding included, both sides
    lengths: tuple[int, ...] = (16, 24, 32, 48, 64, 96, 128)  # of the longer side, marks included
    round_batches: int = 256
    late_from: float = 2 / 3  # progress from which the late shares count
    join_rate: float = 0.08  # pairs joined with the next one: articles come in paragraphs too
    join_max_tokens: int = 90
    bare_rate: float = 0.06  # final points taken off both sides: headlines have none
    split_rate: float = 0.06  # source pieces written as two, against hanging on one spelling
    seed: int = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of one fixed shape [rows, length]; `target` begins with BEGIN, `wanted` ends with END."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    wanted: NDArray[np.int32]
    real_tokens: int  # source and target ids that are no padding


@dataclass(slots=True)
class Place:
    """Where training stands in the data: enough to build the same batches again."""

    number: int = 0
    batch: int = 0
    progress: float = 0.0  # what decides this round's shares
    next_progress: float = 0.0  # measured when this round began, decides the next one's
    cursors: dict[str, int] = field(default_factory=dict)  # pairs drawn so far, by domain


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the vocabulary tells about its pieces."""

    points: Array  # ids of a final point
    splits: NDArray[np.int64]  # [pieces, choices, 2]
    split_counts: Array  # number of choices a piece has


def read_pieces(processor: Any, choices: int = 4) -> Pieces:
    """Tables of final points and of the ways to write a piece as two other pieces."""
    size = processor.get_piece_size()
    names = [processor.id_to_piece(piece) for piece in range(size)]
    ids = {name: at for at, name in enumerate(names)}
    splits = np.zeros((size, choices, 2), dtype=np.int64)
    counts = np.zeros(size, dtype=np.int64)
    for at, name in enumerate(names):
        if processor.is_control(at) or processor.is_byte(at) or processor.is_unknown(at):
            continue
        pairs = [
            (ids[name[:cut]], ids[name[cut:]])
            for cut in range(1, len(name))
            if name[:cut] in ids and name[cut:] in ids
        ]
        pairs.sort(key=lambda pair: -sum(processor.get_score(piece) for piece in pair))
        counts[at] = min(len(pairs), choices)
        if pairs:
            splits[at, : counts[at]] = pairs[:choices]
    points = np.array([ids[name] for name in (".", "▁.") if name in ids], dtype=np.int64)
    return Pieces(points, splits, counts)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lines of different length behind one another."""

    ids: Array
    lengths: Array

    @property
    def starts(self) -> Array:
        """Where each line begins."""
        return np.cumsum(self.lengths) - self.lengths

    def take(self, rows: Array) -> Ragged:
        """The given lines, in the given order."""
        lengths = self.lengths[rows]
        offsets = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(self.starts[rows] - offsets, lengths)
        return Ragged(self.ids[places], lengths)


def draw_rows(pair_count: int, first: int, count: int, seed: Sequence[int]) -> Array:
    """`count` rows from place `first` on in an endless row of shuffled passes over the pairs."""
    taken: list[Array] = []
    while count > 0:
        lap, at = divmod(first, pair_count)
        order = np.random.default_rng([*seed, lap]).permutation(pair_count)[at : at + count]
        taken.append(order)
        first, count = first + len(order), count - len(order)
    return np.concatenate(taken) if taken else np.zeros(0, dtype=np.int64)


class Rounds:
    """Builds rounds of batches from corpora."""

    def __init__(self, corpora: Mapping[str, Corpus], pieces: Pieces, config: BatchConfig) -> None:
        """Keep the training corpora that have pairs; held-back ones are left alone."""
        self.config = config
        self._pieces = pieces
        self._lines = {
            name: (
                Ragged(corpora[name].source.astype(np.int64), corpora[name].source_lengths),
                Ragged(corpora[name].target.astype(np.int64), corpora[name].target_lengths),
            )
            for name in DOMAINS
            if name in corpora and corpora[name].pair_count
        }

    def build_round(self, place: Place) -> tuple[list[Batch], dict[str, int]]:
        """The round's batches in order, and the cursors at which the next round begins."""
        chance = np.random.default_rng([self.config.seed, place.number, 1])
        cursors = dict(place.cursors)
        sources: list[Ragged] = []
        targets: list[Ragged] = []
        for name, count in self._count_pairs(place.progress).items():
            first = cursors.get(name, 0)
            source, target = self._lines[name]
            seed = (self.config.seed, DOMAINS.index(name))
            rows = draw_rows(len(source.lengths), first, count, seed)
            cursors[name] = first + count
            pair = self._change_lines(source.take(rows), target.take(rows), chance)
            sources.append(pair[0])
            targets.append(pair[1])
        batches = self.cut_batches(_chain(sources), _chain(targets), chance)
        return batches, cursors

    def _count_pairs(self, progress: float) -> dict[str, int]:
        shares = LATE if progress >= self.config.late_from else EARLY
        total = sum(shares[name] for name in self._lines)
        # A quarter of a batch is padding, as measured on the real text.
        tokens = 0.75 * self.config.batch_tokens * self.config.round_batches
        counts = {}
        for name, (source, target) in self._lines.items():
            mean = (source.lengths.mean() + target.lengths.mean()) / 2 + 1
            counts[name] = max(1, round(tokens * shares[name] / total / (2 * mean)))
        return counts

    def _change_lines(
        self, source: Ragged, target: Ragged, chance: np.random.Generator
    ) -> tuple[Ragged, Ragged]:
        source, target = self._drop_points(source, target, chance)
        source, target = self._join_lines(source, target, chance)
        return self._split_pieces(source, chance), target

    def _drop_points(
        self, source: Ragged, target: Ragged, chance: np.random.Generator
    ) -> tuple[Ragged, Ragged]:
        ends = [side.ids[side.starts + side.lengths - 1] for side in (source, target)]
        pointed = np.isin(ends[0], self._pieces.points) & np.isin(ends[1], self._pieces.points)
        long = np.minimum(source.lengths, target.lengths) > 3
        chosen = pointed & long & (chance.random(len(pointed)) < self.config.bare_rate)
        return _drop_last(source, chosen), _drop_last(target, chosen)

    def _join_lines(
        self, source: Ragged, target: Ragged, chance: np.random.Generator
    ) -> tuple[Ragged, Ragged]:
        """Some lines joined with the one that follows: the ids stay, only lengths are added up."""
        count = len(source.lengths)
        joined = chance.random(count) < self.config.join_rate
        longest = np.maximum(source.lengths, target.lengths)
        joined &= longest + np.roll(longest, -1) <= self.config.join_max_tokens
        joined[-1:] = False
        joined[1:] &= ~joined[:-1]  # of neighbours chosen both, the first stays
        heads = np.ones(count, dtype=bool)
        heads[1:] = ~joined[:-1]
        return _merge(source, heads), _merge(target, heads)

    def _split_pieces(self, lines: Ragged, chance: np.random.Generator) -> Ragged:
        counts = self._pieces.split_counts[lines.ids]
        chosen = (counts > 0) & (chance.random(len(lines.ids)) < self.config.split_rate)
        choice = (chance.random(int(chosen.sum())) * counts[chosen]).astype(np.int64)
        halves = self._pieces.splits[lines.ids[chosen], choice]
        ids = np.repeat(lines.ids, 1 + chosen)
        first = np.flatnonzero(chosen) + np.arange(len(halves))
        ids[first], ids[first + 1] = halves[:, 0], halves[:, 1]
        added = np.add.reduceat(chosen.astype(np.int64), lines.starts)
        return Ragged(ids, lines.lengths + added)

    def cut_batches(
        self, source: Ragged, target: Ragged, chance: np.random.Generator | None = None
    ) -> list[Batch]:
        """Batches of the configured shapes; without `chance` in order of length.

        A bucket's rest goes up into the next bucket; the last batch is filled with empty rows.
        """
        longest = self.config.lengths[-1]
        fits = np.maximum(source.lengths, target.lengths) < longest
        rows = np.flatnonzero(fits)
        sizes = np.maximum(source.lengths, target.lengths)[rows] + 1
        buckets = np.searchsorted(self.config.lengths, sizes)
        batches: list[Batch] = []
        rest = np.zeros(0, dtype=np.int64)
        for bucket, length in enumerate(self.config.lengths):
            height = max(1, self.config.batch_tokens // (2 * length))
            here = np.concatenate((rest, rows[buckets == bucket]))
            if chance is not None:
                here = chance.permutation(here)
            last = length == longest
            stop = len(here) if last else len(here) // height * height
            for start in range(0, stop, height):
                chosen = here[start : start + height]
                batches.append(_fill_batch(source, target, chosen, height, length))
            rest = here[stop:]
        if chance is not None:
            batches = [batches[at] for at in chance.permutation(len(batches))]
        return batches


def _fill_batch(source: Ragged, target: Ragged, rows: Array, height: int, length: int) -> Batch:
    here, there = source.take(rows), target.take(rows)
    sources = np.full((height, length), PAD, dtype=np.int32)
    targets = np.full((height, length), PAD, dtype=np.int32)
    wanted = np.full((height, length), PAD, dtype=np.int32)
    sources[len(rows) :, 0] = END  # an empty row still needs one position to attend to
    _scatter(sources, here, 0)
    _scatter(targets, there, 1)
    _scatter(wanted, there, 0)
    line = np.arange(len(rows))
    sources[line, here.lengths] = END
    targets[:, 0] = BEGIN
    wanted[line, there.lengths] = END
    real = int(here.lengths.sum() + there.lengths.sum()) + 2 * len(rows)
    return Batch(sources, targets, wanted, real)


def _scatter(grid: NDArray[np.int32], lines: Ragged, column: int) -> None:
    row = np.repeat(np.arange(len(lines.lengths)), lines.lengths)
    at = np.arange(len(lines.ids)) - np.repeat(lines.starts, lines.lengths)
    grid[row, at + column] = lines.ids


def _drop_last(lines: Ragged, chosen: NDArray[np.bool_]) -> Ragged:
    keep = np.ones(len(lines.ids), dtype=bool)
    keep[(lines.starts + lines.lengths - 1)[chosen]] = False
    return Ragged(lines.ids[keep], lines.lengths - chosen)


def _merge(lines: Ragged, heads: NDArray[np.bool_]) -> Ragged:
    return Ragged(lines.ids, np.add.reduceat(lines.lengths, np.flatnonzero(heads)))


def _chain(lines: Sequence[Ragged]) -> Ragged:
    return Ragged(
        np.concatenate([line.ids for line in lines]),
        np.concatenate([line.lengths for line in lines]),
    )
