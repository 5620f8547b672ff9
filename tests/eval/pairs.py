"""Quality of pair verification on labelled sentence pairs, ours beside its peers.

`python -m tests.eval pairs` prints, for each set and system: average precision, best F1, F1 and
accuracy at the shipped threshold, and the share of false merges by kind on the contrast pairs.
Every candidate of a set is scored; nothing is filtered beforehand.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from pipeline import __version__
from pipeline.config import MatchingConfig
from pipeline.embedding import load_embedder
from pipeline.pairs.combination import COMBINATION_FILE
from pipeline.pairs.measurement import measure_likeness
from pipeline.pairs.model import load_same_fact_model
from pipeline.pairs.verification import verify_pairs
from tests.eval.labelled import SETS, LabelledSet, load_labelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    signals = measure_likeness(labelled.candidates, labelled.units, embedder=load_embedder())
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
    """semhash with the same embedder, story by story: a pair it puts together has its score."""
    from semhash import SemHash

    texts = dict(labelled.units.select("unit_id", "target_text").iter_rows())
    found: dict[frozenset[str], float] = {}
    for story in labelled.units.partition_by("story_id"):
        records = sorted(set(story["target_text"].to_list()))
        if len(records) < 2:
            continue
        index = SemHash.from_records(records=records, model=load_embedder())
        result = index.self_deduplicate(threshold=THRESHOLDS["semhash"])
        members: dict[str, list[str]] = defaultdict(list)
        for duplicate in result.filtered:
            members[duplicate.duplicate_of].append(duplicate.record)
            found[frozenset((duplicate.record, duplicate.duplicate_of))] = duplicate.score
        for together in members.values():
            for pair in combinations(together, 2):
                found.setdefault(frozenset(pair), THRESHOLDS["semhash"])
    return np.array(
        [
            1.0 if texts[a] == texts[b] else found.get(frozenset((texts[a], texts[b])), 0.0)
            for a, b in _couples(labelled)
        ]
    )


def _couples(labelled: LabelledSet) -> list[tuple[str, str]]:
    return list(labelled.candidates.select("unit_left", "unit_right").iter_rows())


PEERS: dict[str, Peer] = {
    "cosine": lambda labelled: score_signal(labelled, "cosine"),
    "story-centred cosine": lambda labelled: score_signal(labelled, "centred_cosine"),
    "char-5 Jaccard": lambda labelled: score_signal(labelled, "char5_jaccard"),
    "MinHash Jaccard (datasketch)": score_minhash,
    "semhash": score_semhash,
}


def format_figures(figures: PairFigures) -> str:
    """One line."""
    return (
        f"{figures.set_name:10} {figures.system:30} AP {figures.average_precision:.3f}  "
        f"best F1 {figures.best_f1:.3f}  at the threshold P {figures.precision:.3f} "
        f"R {figures.recall:.3f} F1 {figures.f1:.3f} accuracy {figures.accuracy:.3f}"
    )


def format_kinds(figures: PairFigures) -> str:
    """Accuracy of each kind of contrast pair; for changed details, 1 less the false merges."""
    kinds = "  ".join(f"{kind} {share:.2f}" for kind, share in figures.accuracy_by_kind.items())
    return f"  by kind, {figures.system}: {kinds}"


def sign(labelled: LabelledSet) -> str:
    """Where the figures come from: data, weights and version."""
    model = load_same_fact_model()
    weights = hashlib.sha256(COMBINATION_FILE.read_bytes()).hexdigest()
    return (
        f"  signature: {labelled.name} sha256:{labelled.digest[:12]} | "
        f"pairs {len(labelled.labels)} | embedder sha256:{load_embedder().digest[:12]} | "
        f"model sha256:{'none' if model is None else model.digest[:12]} | "
        f"combination sha256:{weights[:12]} | threshold {MatchingConfig().threshold:g} | "
        f"faktenblatt {__version__} semhash {version('semhash')} "
        f"datasketch {version('datasketch')}"
    )


def print_report(folder: Path | None = None) -> None:
    """All sets that are on this machine; `folder` stands for shared/data/facts."""
    for name in SETS:
        labelled = load_labelled(name, folder)
        if labelled is None:
            print(f"{name}: not on this machine (looked in ../shared/data/facts), left out")
            continue
        for figures in evaluate_set(labelled):
            print(format_figures(figures))
            if figures.accuracy_by_kind:
                print(format_kinds(figures))
        print(sign(labelled))
