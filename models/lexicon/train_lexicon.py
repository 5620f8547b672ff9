"""Word translations out of parallel text: IBM model 1 in both directions, pruned.

    python models/lexicon/train_lexicon.py PARALLEL_DIR OUT.tsv.gz

Reads `NAME.tsv.zst` (lines `source<TAB>target`). Every word keeps at most four translations that
both directions agree on. Deterministic: the same files give the same bytes.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# General and news text; software documentation would teach "Ausführung" = "execution" first.
PARTS = {
    "wmt08-18_systems": 140_000,
    "tatoeba": 170_000,
    "mlqe": 24_000,
    "debian_web": 54_000,
    "xquad": 2_400,
    "ud_pud": 1_000,
    "mozilla_legal": 3_400,
    "datenanfragen": 1_700,
    "cwa_website": 2_000,
    "opensource_guide": 1_500,
}
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
MAX_WORDS = 34
ROUNDS = 6
MIN_COUNT = 3
MIN_FORWARD = 0.04
MIN_BACKWARD = 0.004
# IBM model 1 hands rare words whatever else stands in their few sentences: a rare word's
# translation must come back to it.
RARE = 12
MIN_RARE_PRODUCT = 0.06
MIN_PRODUCT = 0.002
KEPT = 4


def main(folder: Path, out: Path) -> None:
    """The pruned lexicon written to `out`."""
    pairs = [pair for name, limit in PARTS.items() for pair in read_pairs(folder, name, limit)]
    sources, source_words = number_words([s for s, _ in pairs])
    targets, target_words = number_words([t for _, t in pairs])
    cells = find_cells(sources, targets, len(target_words))
    print(f"{len(pairs):,} pairs, {len(cells.distinct):,} word pairs", file=sys.stderr)
    forward = train_model(cells, by_source=True)
    backward = train_model(cells, by_source=False)
    counts = Counter(word for row in sources for word in row)
    write_lexicon(out, cells.distinct, forward, backward, (source_words, target_words), counts)


def read_pairs(folder: Path, name: str, limit: int) -> Iterator[tuple[list[str], list[str]]]:
    """The first pairs of a part with distinct sources, as lowercase words."""
    command = ["zstd", "-dc", "--long=27", str(folder / f"{name}.tsv.zst")]
    seen: set[str] = set()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout or ():
            source, _, target = line.rstrip("\n").partition("\t")
            words = WORD.findall(source.lower()), WORD.findall(target.lower())
            if source in seen or not all(0 < len(side) <= MAX_WORDS for side in words):
                continue
            seen.add(source)
            yield words
            if len(seen) >= limit:
                process.kill()
                return


def number_words(rows: list[list[str]]) -> tuple[list[list[int]], list[str]]:
    """The rows as word numbers, and the words."""
    index: dict[str, int] = {}
    numbered = [[index.setdefault(word, len(index)) for word in row] for row in rows]
    return numbered, list(index)


@dataclass(frozen=True, slots=True)
class Cells:
    """Every pair of a source word and a target word in one sentence pair."""

    distinct: NDArray[np.int64]  # word pairs, source * width + target
    width: int
    pair_of_cell: NDArray[np.int32]  # into `distinct`
    source_of_cell: NDArray[np.int32]  # which source word of which sentence
    target_of_cell: NDArray[np.int32]  # which target word of which sentence


def find_cells(sources: list[list[int]], targets: list[list[int]], width: int) -> Cells:
    """The cells of all sentence pairs; `width` is the number of distinct target words."""
    keys, rows, columns = [], [], []
    row_start = column_start = 0
    for source, target in zip(sources, targets, strict=True):
        s, t = np.array(source, dtype=np.int64), np.array(target, dtype=np.int64)
        keys.append((s[:, None] * width + t[None, :]).ravel())
        rows.append(np.repeat(np.arange(len(s), dtype=np.int32) + row_start, len(t)))
        columns.append(np.tile(np.arange(len(t), dtype=np.int32) + column_start, len(s)))
        row_start += len(s)
        column_start += len(t)
    distinct, cell = np.unique(np.concatenate(keys), return_inverse=True)
    return Cells(
        distinct, width, cell.astype(np.int32), np.concatenate(rows), np.concatenate(columns)
    )


def train_model(cells: Cells, *, by_source: bool) -> NDArray[np.float64]:
    """p(target | source) of every distinct pair, or p(source | target)."""
    given = cells.distinct // cells.width if by_source else cells.distinct % cells.width
    group = cells.target_of_cell if by_source else cells.source_of_cell
    probability = np.ones(len(cells.distinct))
    for _ in range(ROUNDS):
        weight = probability[cells.pair_of_cell]
        share = weight / np.bincount(group, weights=weight)[group]
        expected = np.bincount(cells.pair_of_cell, weights=share, minlength=len(cells.distinct))
        probability = expected / np.bincount(given, weights=expected)[given]
    return probability


def write_lexicon(
    out: Path,
    distinct: NDArray[np.int64],
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
    words: tuple[list[str], list[str]],
    counts: Counter[int],
) -> None:
    """Lines `word<TAB>translation probability ...`, sorted, gzip without a time stamp."""
    source_words, target_words = words
    kept = (forward >= MIN_FORWARD) & (backward >= MIN_BACKWARD)
    rows: dict[str, list[tuple[float, str]]] = {}
    values = (distinct[kept].tolist(), forward[kept].tolist(), backward[kept].tolist())
    for key, p, b in zip(*values, strict=True):
        source, target = divmod(key, len(target_words))
        sure = counts[source] >= RARE or p * b >= MIN_RARE_PRODUCT
        if counts[source] >= MIN_COUNT and sure and p * b >= MIN_PRODUCT:
            rows.setdefault(source_words[source], []).append((-p, target_words[target]))
    lines = []
    for word in sorted(rows):
        best = sorted(rows[word])[:KEPT]
        lines.append(word + "\t" + " ".join(f"{t} {-p:.2f}" for p, t in best))
    data = ("\n".join(lines) + "\n").encode()
    out.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{len(lines):,} words, {out.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
