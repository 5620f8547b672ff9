"""`dedup` of corpora of growing size: seconds, peak memory, how time grows, what is found.

Sentences are the English sides of the development corpora; a tenth of each corpus are second
translations of a sentence that is in it, so that what should be found is known. Sizes come from
FAKTENBLATT_BENCH_SIZES (default 10000,100000; 1000000 takes a quarter of an hour).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[2]
PARALLEL = ROOT.parent / "shared" / "data" / "parallel"
TRANSLATED_TWICE = ("wmt08-18_systems", "wmt21ts_systems", "wmt22ts_systems", "wmt23ts_deen_hyp")
OTHERS = (
    "mlqe", "tatoeba", "debian_web", "wmt24", "wmt23ts_ende_hyp", "ms_sql_ht", "mdn", "ms_cpp_mt",
    "ms_d365smb_ht", "ms_sql_mt",
)  # fmt: skip
SEED = 13


def report() -> str:
    """One line a size, and how much longer the largest took than the next."""
    if not PARALLEL.is_dir():
        return f"dedup: left out, no corpora in {PARALLEL}"
    sizes = [int(n) for n in os.environ.get("FAKTENBLATT_BENCH_SIZES", "10000,100000").split(",")]
    singles, doubles = _read_sentences()
    lines = ["dedup, a tenth of the sentences are second translations of another"]
    seconds = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            wanted = _write_corpus(Path(folder) / "in.jsonl", size, singles, doubles)
            elapsed, peak = _run(Path(folder))
            found = _count_found(Path(folder) / "pairs.parquet", wanted)
        seconds.append(elapsed)
        lines.append(
            f"{size:>9,} sentences  {elapsed:7.1f} s  {size / elapsed:7.0f} a second  "
            f"{peak / 1e6:5.2f} GB  {found / len(wanted):.3f} of the second translations found"
        )
    if len(seconds) > 1:
        growth = seconds[-1] / seconds[-2]
        lines.append(f"{sizes[-1] / sizes[-2]:g} x the sentences take {growth:.1f} x the time")
    return "\n".join(lines)


def _read_sentences() -> tuple[list[str], list[tuple[str, str]]]:
    """Distinct sentences, and pairs of translations of one German sentence."""
    seen: set[str] = set()
    doubles = []
    for name in TRANSLATED_TWICE:
        by_source: dict[str, list[str]] = {}
        for source, target in _read_pairs(name):
            by_source.setdefault(source, []).append(target)
        for targets in by_source.values():
            new = [target for target in dict.fromkeys(targets) if target not in seen]
            seen.update(new)
            if len(new) > 1:
                doubles.append((new[0], new[1]))
    singles = []
    for name in OTHERS:
        for _, target in _read_pairs(name):
            if target not in seen:
                seen.add(target)
                singles.append(target)
    return singles, doubles


def _read_pairs(name: str) -> Iterator[tuple[str, str]]:
    import zstandard

    with (PARALLEL / f"{name}.tsv.zst").open("rb") as packed:
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(packed)
        for line in reader.read().decode("utf-8").splitlines():
            source, _, target = line.partition("\t")
            yield source, target


def _write_corpus(
    file: Path, size: int, singles: list[str], doubles: list[tuple[str, str]]
) -> set[tuple[str, str]]:
    """A corpus of that size, shuffled; the id pairs that should be found."""
    draw = random.Random(SEED)
    pairs = draw.sample(doubles, min(len(doubles), size // 10))
    rest = draw.sample(singles, size - 2 * len(pairs))
    rows = [(f"s{n:07}", text) for n, text in enumerate(rest)]
    wanted = set()
    for n, (one, two) in enumerate(pairs):
        rows += [(f"p{n:07}a", one), (f"p{n:07}b", two)]
        wanted.add((f"p{n:07}a", f"p{n:07}b"))
    draw.shuffle(rows)
    with file.open("w", encoding="utf-8") as out:
        for key, text in rows:
            out.write(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n")
    return wanted


def _run(folder: Path) -> tuple[float, int]:
    """Seconds and peak resident kilobytes (the command's own process) of one `dedup`."""
    command = [
        sys.executable, "-m", "pipeline", "dedup", str(folder / "in.jsonl"),
        "--out", str(folder / "out.parquet"), "--pairs", str(folder / "pairs.parquet"),
    ]  # fmt: skip
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    elapsed = time.perf_counter() - begun
    return elapsed, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _count_found(pairs: Path, wanted: set[tuple[str, str]]) -> int:
    same = pl.read_parquet(pairs).filter(pl.col("verdict") == "same")
    return len(wanted & set(same.select("id_left", "id_right").iter_rows()))
