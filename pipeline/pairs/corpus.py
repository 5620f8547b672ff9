"""Units of a whole corpus in, candidate pairs out, in memory that grows with the units only.

Two proposers, joined: MinHash LSH (datasketch) over word sets, with the bands joined in polars,
and nearest neighbours of static vectors. On 100,000 sentences, a tenth of them second
translations of another, the bands alone find 87 % of these pairs; with the three neighbours of
the index, and after LEAST_SUM has cut, 93 % become candidates.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.schemas import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from pipeline.embedding import Embedder

PERMUTATIONS = 125
BAND_ROWS = 5
# Text that many share (a greeting, a menu line) says nothing about any pair of them.
LARGEST_BUCKET = 50
# MinHash estimates have a standard error of 0.04 here; pairs of less overlap than this are left
# to the neighbours.
LEAST_JACCARD = 0.30
# Estimate + cosine: on the same 100,000 sentences 1.1 keeps a fifth of the proposed pairs and
# loses 1.4 % of the wanted ones.
LEAST_SUM = 1.1
NEIGHBOURS = 3
INDEX_DIMENSIONS = 128
PROBED_LISTS = 4
CHUNK = 20_000
WORD = re.compile(r"\w+")


def find_corpus_candidates(
    units: pl.DataFrame,
    *,
    embedder: Embedder,
    progress: Callable[[int, int], None] | None = None,
) -> pl.DataFrame:
    """Candidates (schemas.CANDIDATES) over all units, both sides of one story.

    `cosine` is that of the given (static) embedder. Time and memory grow about linearly.
    """
    say = progress or (lambda _done, _total: None)
    # By text, so that chance in the index's training does not depend on the input's order.
    units = units.sort("target_text", "unit_id")
    texts = units["target_text"].to_list()
    total = 3 * len(texts)
    signatures = hash_texts(texts)
    say(len(texts), total)
    vectors = np.concatenate(
        [np.zeros((0, 0), np.float32)]
        if not texts
        else [embedder.encode(chunk).astype(np.float16) for chunk in _chunks(texts)]
    )
    say(2 * len(texts), total)
    proposed = pl.concat([join_bands(signatures), find_neighbours(vectors)]).unique()
    say(total, total)
    return _measure(proposed, signatures, vectors, units)


def hash_texts(texts: list[str]) -> NDArray[np.uint32]:
    """MinHash values of the texts' word sets, uint32, shape (len(texts), PERMUTATIONS)."""
    from datasketch import MinHash

    values = np.empty((len(texts), PERMUTATIONS), dtype=np.uint32)
    start = 0
    for chunk in _chunks(texts):
        shingles = [sorted({w.encode() for w in WORD.findall(t.lower())}) for t in chunk]
        # crc32 instead of the default SHA-1: two to three times as fast, same accuracy.
        for row, minhash in enumerate(
            MinHash.bulk(shingles, num_perm=PERMUTATIONS, hashfunc=zlib.crc32), start
        ):
            values[row] = minhash.hashvalues
        start += len(chunk)
    return values


def join_bands(signatures: NDArray[np.uint32]) -> pl.DataFrame:
    """Row pairs (left < right) that agree in all rows of at least one band."""
    rows = pl.Series("left", np.arange(len(signatures), dtype=np.uint32))
    found = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})
    for start in range(0, PERMUTATIONS, BAND_ROWS):
        band = pl.DataFrame([rows]).with_columns(key=pl.Series(_fold(signatures, start)))
        size = pl.len().over("key")
        band = band.filter((size > 1) & (size <= LARGEST_BUCKET))
        pairs = (
            band.join(band.rename({"left": "right"}), on="key")
            .filter(pl.col("left") < pl.col("right"))
            .select("left", "right")
        )
        # Most chance collisions fall out here, band by band, so that they never pile up.
        estimates = _estimate(pairs, signatures)
        found = pl.concat([found, pairs.filter(estimates >= LEAST_JACCARD)]).unique()
    return found


def find_neighbours(vectors: NDArray[np.float16]) -> pl.DataFrame:
    """Row pairs (left < right) of each row's nearest neighbours."""
    import faiss

    count = len(vectors)
    # The static vectors are principal components, strongest first: the head finds the neighbours.
    head = vectors[:, :INDEX_DIMENSIONS]
    dimension = head.shape[1]
    empty = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})
    if count < 2:
        return empty
    lists = max(1, min(4096, count // 100))
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFFlat(quantizer, dimension, lists, faiss.METRIC_INNER_PRODUCT)
    # One thread and a fixed sample: the same lists whatever the machine.
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    sample = head[:: max(1, count // (40 * lists))].astype(np.float32)
    index.train(sample)
    faiss.omp_set_num_threads(threads)
    for start in range(0, count, CHUNK):
        index.add(head[start : start + CHUNK].astype(np.float32))
    index.nprobe = min(PROBED_LISTS, lists)
    parts = [empty]
    for start in range(0, count, CHUNK):
        chunk = head[start : start + CHUNK].astype(np.float32)
        _, rows = index.search(chunk, NEIGHBOURS + 1)
        left = np.repeat(np.arange(start, start + len(rows), dtype=np.int64), NEIGHBOURS + 1)
        right = rows.ravel()
        keep = (right >= 0) & (right != left)
        left, right = left[keep], right[keep]
        parts.append(
            pl.DataFrame(
                {
                    "left": np.minimum(left, right).astype(np.uint32),
                    "right": np.maximum(left, right).astype(np.uint32),
                }
            )
        )
    return pl.concat(parts).unique()


def _measure(
    proposed: pl.DataFrame,
    signatures: NDArray[np.uint32],
    vectors: NDArray[np.float16],
    units: pl.DataFrame,
) -> pl.DataFrame:
    """Proposed row pairs of one story with their ids, in id order, and both measures."""
    story_of = units["story_id"]
    is_one = story_of.gather(proposed["left"]) == story_of.gather(proposed["right"])
    proposed = proposed.filter(is_one).sort("left", "right")
    unit_ids = units["unit_id"]
    left, right = proposed["left"].to_numpy(), proposed["right"].to_numpy()
    cosines = np.empty(len(left), dtype=np.float64)
    for start in range(0, len(left), CHUNK):
        part = slice(start, start + CHUNK)
        a, b = vectors[left[part]].astype(np.float32), vectors[right[part]].astype(np.float32)
        cosines[part] = np.einsum("ij,ij->i", a, b)
    ids = pl.DataFrame(
        {"a": unit_ids.gather(left), "b": unit_ids.gather(right)},
        schema={"a": pl.String, "b": pl.String},
    )
    return CANDIDATES.check(
        ids.select(
            story_id=units["story_id"].gather(left),
            unit_left=pl.min_horizontal("a", "b"),
            unit_right=pl.max_horizontal("a", "b"),
            jaccard=_estimate(proposed, signatures).cast(pl.Float64),
            # Rounded: the last bits depend on the order of additions.
            cosine=pl.Series(cosines).round(5),
        )
        .filter(pl.col("jaccard") + pl.col("cosine") >= LEAST_SUM)
        .sort("unit_left", "unit_right")
    )


def _estimate(pairs: pl.DataFrame, signatures: NDArray[np.uint32]) -> pl.Series:
    """MinHash estimate of the Jaccard similarity of each row pair."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    values = np.empty(len(left), dtype=np.float32)
    for start in range(0, len(left), CHUNK):
        part = slice(start, start + CHUNK)
        values[part] = (signatures[left[part]] == signatures[right[part]]).mean(axis=1)
    return pl.Series("jaccard", values)


def _fold(signatures: NDArray[np.uint32], start: int) -> NDArray[np.uint64]:
    """One 64-bit key a row for the band that begins at column `start` (FNV-1a's prime)."""
    key = np.full(len(signatures), 0xCBF29CE484222325, dtype=np.uint64)
    for column in range(start, start + BAND_ROWS):
        key = (key ^ signatures[:, column].astype(np.uint64)) * np.uint64(0x100000001B3)
    return key


def _chunks(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), CHUNK):
        yield texts[start : start + CHUNK]
