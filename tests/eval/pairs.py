"""Quality of pair verification on labelled sentence pairs, ours beside its peers.

`python -m tests.eval pairs` prints, for each set and system: average precision, best F1, F1 and
accuracy at the shipped threshold, and the share of false merges by kind on the contrast pairs.
Every candidate of a set is scored; nothing is filtered beforehand.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.config import MatchingConfig
from pipeline.embedding import load_embedder
from pipeline.pairs.measurement import measure_pairs
from pipeline.pairs.model import load_same_fact_model
from pipeline.pairs.verification import verify_pairs
from tests.eval.labelled import LabelledSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Scores = NDArray[np.float64]
    Peer = Callable[[LabelledSet], Scores]

# Where a peer ships no threshold of its own, the one with the best accuracy on MRPC train.
THRESHOLDS = {
    "cosine": 0.682,
    "story-centred cosine": 0.682,
    "char-5 Jaccard": 0.281,
    "MinHash Jaccard (datasketch)": 0.5,
    "semhash": 0.9,
}


@dataclass(frozen=True, slots=True)
class PairFigures:
    """One system on one set."""

    set_name: str
    system: str
    average_precision: float
    best_f1: float
    precision: float
    recall: float
    f1: float
    accuracy: float
    accuracy_by_kind: dict[str, float]
    false_merges_by_kind: dict[str, float]


def evaluate_set(labelled: LabelledSet) -> list[PairFigures]:
    """Ours first, then the peers."""
    rows = [evaluate_ours(labelled)]
    for name, peer in PEERS.items():
        scores = peer(labelled)
        rows.append(measure_figures(labelled, name, scores, scores >= THRESHOLDS[name]))
    return rows


def evaluate_ours(labelled: LabelledSet) -> PairFigures:
    """The shipped verification, model included."""
    pairs = verify_pairs(
        labelled.candidates,
        labelled.units,
        MatchingConfig(),
        embedder=load_embedder(),
        model=load_same_fact_model(),
    )
    merged = (pairs["verdict"] == "same").to_numpy()
    return measure_figures(labelled, "faktenblatt", pairs["score"].to_numpy(), merged)


def measure_figures(
    labelled: LabelledSet, system: str, scores: Scores, merged: NDArray[np.bool_]
) -> PairFigures:
    """All figures of one system's scores and decisions."""
    labels = np.array(labelled.labels)
    hits = int((merged & labels).sum())
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row, kind in enumerate(labelled.kinds):
        if kind:
            by_kind[kind].append(row)
    wrong = merged != labels
    return PairFigures(
        set_name=labelled.name,
        system=system,
        average_precision=average_precision(labels, scores),
        best_f1=best_f1(labels, scores),
        precision=hits / max(1, int(merged.sum())),
        recall=hits / max(1, int(labels.sum())),
        f1=2 * hits / max(1, int(merged.sum() + labels.sum())),
        accuracy=float((~wrong).mean()),
        accuracy_by_kind={k: float((~wrong[rows]).mean()) for k, rows in sorted(by_kind.items())},
        false_merges_by_kind={
            k: float(merged[rows].mean())
            for k, rows in sorted(by_kind.items())
            if not labels[rows].any()
        },
    )


def average_precision(labels: NDArray[np.bool_], scores: Scores) -> float:
    """Area under the precision-recall steps; pairs of one score enter together."""
    cuts, hits, order = _walk(labels, scores)
    if not labels.any():
        return 0.0
    gained = np.diff(hits[cuts], prepend=0)
    return float((gained * hits[cuts] / (cuts + 1)).sum() / labels[order].sum())


def best_f1(labels: NDArray[np.bool_], scores: Scores) -> float:
    """F1 at the best of all thresholds."""
    cuts, hits, _ = _walk(labels, scores)
    return float((2 * hits[cuts] / (cuts + 1 + max(1, labels.sum()))).max())


def _walk(
    labels: NDArray[np.bool_], scores: Scores
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Ends of the runs of equal score from the top down, and the hits so far."""
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    cuts = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    return cuts, np.cumsum(labels[order]), order


def score_signal(labelled: LabelledSet, signal: str) -> Scores:
    """One of the similarity signals alone."""
    signals, _ = measure_pairs(labelled.candidates, labelled.units, embedder=load_embedder())
    return signals[signal].to_numpy()


def score_minhash(labelled: LabelledSet) -> Scores:
    """MinHash estimate (128 permutations) of the Jaccard of word 1- to 3-grams."""
    from datasketch import MinHash

    texts = dict(labelled.units.select("unit_id", "target_text").iter_rows())
    hashes: dict[str, MinHash] = {}
    for unit, text in texts.items():
        words = text.lower().split()
        grams = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
        hashes[unit] = MinHash(num_perm=128)
        hashes[unit].update_batch([gram.encode() for gram in sorted(grams)])
    return np.array([hashes[a].jaccard(hashes[b]) for a, b in _couples(labelled)])


def score_semhash(labelled: LabelledSet) -> Scores:
    """semhash with the same embedder: the cosine its index finds, 0 for pairs it does not."""
    from semhash import SemHash

    embedder = load_embedder()
    texts = dict(labelled.units.select("unit_id", "target_text").iter_rows())
    found: dict[tuple[str, str], float] = {}
    for story in labelled.units.partition_by("story_id"):
        records = sorted(set(story["target_text"].to_list()))
        if len(records) < 2:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            index = SemHash.from_records(records=records, model=embedder)
            for neighbours, (text,) in zip(
                index.index.query_threshold(index.index.vectors, threshold=0.0),
                index.index.items,
                strict=True,
            ):
                _ = neighbours, text
            result = index.self_deduplicate(threshold=THRESHOLDS["semhash"])
        for duplicate in result.filtered:
            found[duplicate.record, duplicate.duplicate_of] = duplicate.score
    return np.array(
        [
            1.0 if texts[a] == texts[b]
            else max(found.get((texts[a], texts[b]), 0.0), found.get((texts[b], texts[a]), 0.0))
            for a, b in _couples(labelled)
        ]
    )  # fmt: skip


def _couples(labelled: LabelledSet) -> list[tuple[str, str]]:
    return list(labelled.candidates.select("unit_left", "unit_right").iter_rows())


PEERS: dict[str, Peer] = {
    "cosine": lambda labelled: score_signal(labelled, "cosine"),
    "story-centred cosine": lambda labelled: score_signal(labelled, "centred_cosine"),
    "char-5 Jaccard": lambda labelled: score_signal(labelled, "char5_jaccard"),
    "MinHash Jaccard (datasketch)": score_minhash,
    "semhash": score_semhash,
}
