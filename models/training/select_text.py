"""Stage one: parallel text in, clean text of every domain and a report of what went and why out.

Writes `NAME.tsv` for every domain and for its held-back pairs (`valid.NAME.tsv`), `report.json`.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.training.filters import find_fault
from models.training.noise import make_noisy
from models.training.normalise import normalise_english, normalise_text
from models.training.parts import DOMAINS, Part, digest_file, find_file, read_pairs, read_table
from models.training.selection import (
    Pair,
    drop_held_out,
    drop_repeats,
    hold_back,
    limit_fan_out,
    limit_skeletons,
)
from models.training.templates import make_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SelectConfig:
    """How much is kept."""

    docs_pairs: int = 420_000  # software documentation is half of the text and none of the news
    made_pairs: int = 60_000
    noisy_pairs: int = 70_000
    held_back_pairs: int = 300  # per domain
    seed: int = 20


@dataclass(slots=True)
class Report:
    """What came in, what went and why, what stayed."""

    parts: dict[str, dict[str, object]] = field(default_factory=dict)
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    kept: dict[str, dict[str, int]] = field(default_factory=dict)
    held_out_lines: int = 0


def select_text(
    folder: Path, out: Path, held_out: Sequence[Path], config: SelectConfig | None = None
) -> Report:
    """Write the selected pairs of each domain under `out`; the report is also `report.json`.

    `held_out` are plain text files, one line a sentence, of which nothing may be trained on.
    """
    config = config or SelectConfig()
    parts = read_table()
    report = Report()
    clean: list[Pair] = []
    for row, part in enumerate(parts):
        clean.extend(_read_part(folder, row, part, report))
    lines = [line for path in held_out for line in path.read_text(encoding="utf-8").splitlines()]
    report.held_out_lines = len(lines)
    pairs = _choose_pairs(clean, parts, [normalise_text(line) for line in lines], report)
    lost: Counter[str] = Counter()
    pairs, held_back = hold_back(
        pairs, [part.domain for part in parts], config.held_back_pairs, lost
    )
    report.lost["hold back"] = lost
    out.mkdir(parents=True, exist_ok=True)
    _write_domains(pairs, parts, out, "", report, config)
    _write_domains(held_back, parts, out, "valid.", report, config)
    _write_report(report, out)
    return report


def _read_part(folder: Path, row: int, part: Part, report: Report) -> Iterator[Pair]:
    entry: dict[str, object] = {"decision": part.decision, "licence": part.licence}
    report.parts[part.name] = entry
    path = find_file(folder, part.name)
    if part.decision == "drop" or path is None:
        entry["reason"] = part.reason or "file not found"
        return
    started = time.perf_counter()
    lost: Counter[str] = Counter()
    kept = 0
    for german, english in read_pairs(path):
        german, english = normalise_text(german), normalise_english(english)  # noqa: PLW2901
        fault = find_fault(german, english, prose=part.prose)
        if fault:
            lost[fault] += 1
        else:
            kept += 1
            yield Pair(german, english, row)
    entry.update(sha256=digest_file(path), read=kept + lost.total(), clean=kept, faults=dict(lost))
    seconds = time.perf_counter() - started
    print(f"{part.name}: {kept} of {kept + lost.total()} clean, {seconds:.0f} s", file=sys.stderr)


def _choose_pairs(
    pairs: list[Pair], parts: list[Part], held_out: list[str], report: Report
) -> list[Pair]:
    lost: Counter[str] = Counter()
    pairs = drop_repeats(pairs, lost)
    pairs = drop_held_out(pairs, held_out, lost)
    pairs = limit_skeletons(pairs, [part.skeleton for part in parts], lost)
    pairs = limit_fan_out(pairs, [part.fan_out for part in parts], lost)
    report.lost["choose"] = lost
    return pairs


def _write_domains(
    pairs: list[Pair],
    parts: list[Part],
    out: Path,
    prefix: str,
    report: Report,
    config: SelectConfig,
) -> None:
    texts: dict[str, list[tuple[str, str]]] = {domain: [] for domain in DOMAINS}
    for pair in pairs:
        texts[parts[pair.part].domain].append((pair.german, pair.english))
    if not prefix:
        texts["docs"] = texts["docs"][: config.docs_pairs]  # the table lists the best parts first
    # Of the made ones only as many are held back as of the others.
    made = config.held_back_pairs if prefix else config.made_pairs
    noisy = config.held_back_pairs if prefix else config.noisy_pairs
    texts["made"] = [
        pair for pair in make_pairs(made, config.seed + len(prefix)) if not find_fault(*pair)
    ]
    real = [pair for domain in ("news", "challenge", "wiki") for pair in texts[domain]]
    texts["noisy"] = make_noisy(real, noisy, config.seed)
    for domain, rows in texts.items():
        if not rows:
            continue
        name = f"{prefix}{domain}"
        path = out / f"{name}.tsv"
        text = "".join(f"{german}\t{english}\n" for german, english in rows)
        path.write_text(text, encoding="utf-8", newline="\n")
        words = sum(german.count(" ") + 1 for german, _ in rows)
        report.kept[name] = {"pairs": len(rows), "german_words": words}


def _write_report(report: Report, out: Path) -> None:
    content = {
        "parts": report.parts,
        "lost": {stage: dict(counts) for stage, counts in report.lost.items()},
        "held_out_lines": report.held_out_lines,
        "kept": report.kept,
    }
    path = out / "report.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
