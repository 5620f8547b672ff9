"""Units in, candidate pairs out: what is worth comparing, found without comparing everything.

Inside a story of ordinary size every pair is looked at, and all but those alike in neither meaning
nor wording are candidates (two clauses of one sentence always). In a larger one they come from
MinHash bands over word and character shingles of target and source text, joined with the nearest
neighbours of the embeddings; both grow about linearly. A unit is never paired with one whose span
overlaps its own (a sentence and its clause).
"""

from __future__ import annotations

import itertools
import re
import zlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.schemas import CANDIDATES, UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder

    Shingler = Callable[[str], set[str]]

PERMUTATIONS = 128
CHAR_SHINGLE = 5
# Rows a band: 128 = 32 x 4 proposes 83 % of the news paraphrases (MRPC) on single words and
# 42 x 3 proposes 87 % on character 5-grams; embeddings' neighbours bring most of the rest.
WORD_BAND_ROWS = 4
CHAR_BAND_ROWS = 3
# Unrelated sentences share a few shingles by chance, and their number grows with the square of
# the units; each step asks one more agreement of a band, so that chance pairs stay linear.
BAND_STEPS = (2_000, 20_000, 200_000)
# Pairs of a small story below this and below `least_cosine` are passed over: on the four gold
# stories that leaves 38 % of the pairs and 99 % of those that state one fact.
LEAST_JACCARD = 0.1
# A bucket above this holds boilerplate or stock phrases; its members are chained, not squared.
MAX_BUCKET_UNITS = 64
BLOCK_ROWS = 1_024
WORD = re.compile(r"\w+")


def find_candidate_pairs(
    units: pl.DataFrame, config: MatchingConfig, *, embedder: Embedder
) -> pl.DataFrame:
    """Candidate pairs (schemas.CANDIDATES) of each story, sorted by unit_left, unit_right.

    `jaccard` is the MinHash estimate over character 5-grams of the target texts, `cosine` that
    of the target texts' embeddings; both are filled for every pair.
    """
    ordered = UNITS.check(units).sort("unit_id")
    found = [
        _find_story_pairs(story, config, embedder)
        for _, story in sorted(
            ordered.partition_by("story_id", as_dict=True).items(), key=lambda item: str(item[0])
        )
    ]
    frame = pl.concat([CANDIDATES.empty(), *found])
    return CANDIDATES.check(frame.sort("unit_left", "unit_right"))


def _find_story_pairs(
    story: pl.DataFrame, config: MatchingConfig, embedder: Embedder
) -> pl.DataFrame:
    """All pairs of a small story that are alike at all; bands and neighbours of a large one."""
    targets = story["target_text"].to_list()
    signatures = sign_texts(targets, shingle_characters)
    vectors: NDArray[np.float32] | None = None
    if len(story) <= config.all_pairs_units:
        left, right = np.triu_indices(len(story), k=1)
        pairs = np.stack([left, right], axis=1).astype(np.int64)
    else:
        stricter = sum(len(story) > step for step in BAND_STEPS)
        rows = CHAR_BAND_ROWS + stricter
        found = [find_band_pairs(signatures, rows), *_find_other_bands(story, stricter)]
        if len(story) <= config.neighbour_units:
            vectors = embedder.encode(targets)
            found.append(find_neighbour_pairs(vectors, config.neighbours))
        pairs = np.unique(np.concatenate(found), axis=0)
    pairs = pairs[~_overlaps(story, pairs)]
    if vectors is None:
        vectors = _encode_paired(targets, pairs, embedder)
    names = story["unit_id"]
    found_pairs = CANDIDATES.check(
        pl.DataFrame(
            {
                "story_id": pl.repeat(story["story_id"][0], len(pairs), eager=True),
                "unit_left": names.gather(pairs[:, 0]),
                "unit_right": names.gather(pairs[:, 1]),
                "jaccard": _compare_rows(pairs, signatures, _mean_equal),
                "cosine": _compare_rows(pairs, vectors, _dot),
            }
        )
    )
    if len(story) > config.all_pairs_units:
        return found_pairs
    segments = story["segment_id"].to_numpy()
    beside = pl.Series(segments[pairs[:, 0]] == segments[pairs[:, 1]])
    alike = (pl.col("cosine") >= config.least_cosine) | (pl.col("jaccard") >= LEAST_JACCARD)
    return found_pairs.filter(alike | beside)


def _find_other_bands(story: pl.DataFrame, stricter: int) -> Iterable[NDArray[np.int64]]:
    """Band pairs of the target's words and of the source's words and characters."""
    for column, shingler, rows in (
        ("target_text", shingle_words, WORD_BAND_ROWS),
        ("source_text", shingle_words, WORD_BAND_ROWS),
        ("source_text", shingle_characters, CHAR_BAND_ROWS),
    ):
        yield find_band_pairs(sign_texts(story[column].to_list(), shingler), rows + stricter)


def shingle_characters(text: str) -> set[str]:
    """Character 5-grams of the text, case and spacing levelled."""
    level = f" {' '.join(WORD.findall(text.casefold()))} "
    return {level[at : at + CHAR_SHINGLE] for at in range(max(1, len(level) - CHAR_SHINGLE + 1))}


def shingle_words(text: str) -> set[str]:
    """Words and word pairs of the text, case levelled."""
    words = WORD.findall(text.casefold())
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(words)}
    return {*words, *pairs} or {""}


def sign_texts(texts: Sequence[str], shingler: Shingler) -> NDArray[np.uint64]:
    """MinHash signatures, one row a text; equal texts are signed once.

    crc32 instead of SHA-1 makes the bulk hash 16 times faster and loses nothing here.
    """
    from datasketch import MinHash

    distinct = sorted(set(texts))
    shingles = [[shingle.encode() for shingle in sorted(shingler(text))] for text in distinct]
    hashes = MinHash.bulk(shingles, num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    signatures = np.array([minhash.hashvalues for minhash in hashes], dtype=np.uint64)
    row_of = {text: row for row, text in enumerate(distinct)}
    rows = np.array([row_of[text] for text in texts], dtype=np.int64)
    return signatures.reshape(len(distinct), PERMUTATIONS)[rows]


def find_band_pairs(signatures: NDArray[np.uint64], band_rows: int) -> NDArray[np.int64]:
    """Pairs of rows that agree in a whole band, each once, left below right."""
    found = [
        _join_bucket(_band_keys(signatures[:, start : start + band_rows]))
        for start in range(0, PERMUTATIONS - band_rows + 1, band_rows)
    ]
    return pl.concat(found).unique().sort("left", "right").to_numpy()


def _band_keys(band: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One 64-bit key a row: the band's values mixed by a multiplicative hash."""
    keys = np.zeros(len(band), dtype=np.uint64)
    for column in band.T:
        keys = (keys ^ column) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys


def _join_bucket(keys: NDArray[np.uint64]) -> pl.DataFrame:
    """Pairs of rows with one key; in an overfull bucket only rows next to each other."""
    rows = pl.DataFrame({"key": keys, "row": np.arange(len(keys), dtype=np.int64)})
    sized = rows.with_columns(count=pl.len().over("key")).filter(pl.col("count") > 1)
    small = sized.filter(pl.col("count") <= MAX_BUCKET_UNITS).select("key", "row")
    squared = (
        small.join(small, on="key", suffix="_right")
        .filter(pl.col("row") < pl.col("row_right"))
        .select(left="row", right="row_right")
    )
    chained = (
        sized.filter(pl.col("count") > MAX_BUCKET_UNITS)
        .sort("key", "row")
        .select(left="row", right=pl.col("row").shift(-1).over("key"))
        .drop_nulls()
    )
    return pl.concat([squared, chained])


def find_neighbour_pairs(vectors: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Pairs of each row with its `count` nearest rows by dot product, left below right."""
    total = len(vectors)
    count = min(count, total - 1)
    if count < 1:
        return np.zeros((0, 2), dtype=np.int64)
    found = []
    for start in range(0, total, BLOCK_ROWS):
        similarity = vectors[start : start + BLOCK_ROWS] @ vectors.T
        own = np.arange(start, start + len(similarity))
        similarity[np.arange(len(similarity)), own] = -np.inf
        nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        found.append(np.stack([np.repeat(own, count), nearest.ravel()], axis=1))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _overlaps(story: pl.DataFrame, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True where both units are cut from one segment and share characters."""
    segments = story["segment_id"].rank("dense").to_numpy()
    starts, ends = story["start_char"].to_numpy(), story["end_char"].to_numpy()
    left, right = pairs[:, 0], pairs[:, 1]
    shared = (starts[left] < ends[right]) & (starts[right] < ends[left])
    result: NDArray[np.bool_] = (segments[left] == segments[right]) & shared
    return result


def _encode_paired(
    texts: Sequence[str], pairs: NDArray[np.int64], embedder: Embedder
) -> NDArray[np.float32]:
    """Vectors of the texts that stand in a pair; zeros for the others."""
    needed = np.unique(pairs)
    encoded = embedder.encode([texts[row] for row in needed])
    vectors = np.zeros((len(texts), encoded.shape[1]), dtype=np.float32)
    vectors[needed] = encoded
    return vectors


def _compare_rows(
    pairs: NDArray[np.int64], rows: NDArray[np.generic], compare: Callable[..., NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The comparison of both rows for each pair, in blocks so that memory stays bounded."""
    result = np.zeros(len(pairs), dtype=np.float64)
    for start in range(0, len(pairs), BLOCK_ROWS):
        block = pairs[start : start + BLOCK_ROWS]
        result[start : start + len(block)] = compare(rows[block[:, 0]], rows[block[:, 1]])
    return result


def _mean_equal(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.asarray((left == right).mean(axis=1), dtype=np.float64)


def _dot(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float64]:
    # Rounded so that the last bits, which depend on the batch a text was embedded in, don't
    # reach the files.
    product = np.einsum("ij,ij->i", left.astype(np.float64), right.astype(np.float64))
    return np.asarray(np.clip(product, -1.0, 1.0).round(6), dtype=np.float64)
