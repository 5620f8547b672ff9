"""Labelled sentence pairs as frames: ECB+, Multi-News, MRPC and the contrast pairs.

Each set becomes units and candidates, as the chain would have made them from sentences that are
already in English, with a label a candidate. MRPC and contrast pairs are stories of two units.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.schemas import CANDIDATES, UNITS
from tests.eval.gold import DATA, SHARED

FACTS = SHARED / "facts"
STORY_SETS = ("ecb", "multinews")
SETS = (*STORY_SETS, "mrpc", "contrast")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Units, candidates, and for each candidate its label and kind (`""` where it has none)."""

    name: str
    units: pl.DataFrame
    candidates: pl.DataFrame
    labels: tuple[bool, ...]
    kinds: tuple[str, ...]
    digest: str


def load_labelled(name: str, folder: Path | None = None) -> LabelledSet | None:
    """The set of that name; None where its files are not on this machine.

    `folder` stands for `shared/data/facts` and lets the same code read other parts of the sets.
    """
    facts = folder or FACTS
    if name in STORY_SETS:
        return _load_story_set(name, facts / name)
    if name in ("mrpc", "mrpc_train"):
        part = "train" if name.endswith("train") else "test"
        return _load_mrpc(name, facts / "mrpc" / f"msr_paraphrase_{part}.txt")
    own = DATA / "contrast.jsonl"
    return _load_contrast(facts / "contrast.jsonl" if folder or not own.exists() else own)


def _load_story_set(name: str, folder: Path) -> LabelledSet | None:
    files = [folder / "sentences.jsonl", folder / "pairs.jsonl"]
    if not all(file.exists() for file in files):
        return None
    sentences, pairs = (_read_rows(file) for file in files)
    story_of = {row["id"]: row["story"] for row in sentences}
    units = [_make_unit(row["id"], row["group"], row["story"], row["text"]) for row in sentences]
    rows = [(story_of[p["id_left"]], p["id_left"], p["id_right"], p["label"], "") for p in pairs]
    return _build(name, units, rows, files)


def _load_mrpc(name: str, file: Path) -> LabelledSet | None:
    if not file.exists():
        return None
    with file.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return build_couples(name, [(a, b, int(y), "") for y, _, _, a, b in lines], file)


def _load_contrast(file: Path) -> LabelledSet | None:
    if not file.exists():
        return None
    rows = _read_rows(file)
    couples = [(r["a"], r["b"], int(r["label"] == "same"), r["kind"]) for r in rows]
    return build_couples("contrast", couples, file)


def build_couples(name: str, couples: list[tuple[str, str, int, str]], file: Path) -> LabelledSet:
    """Every couple a story of its own."""
    units, rows = [], []
    for number, (left, right, label, kind) in enumerate(couples):
        story = f"{name}{number:05d}"
        units += [_make_unit(f"{story}a", f"{story}a", story, left)]
        units += [_make_unit(f"{story}b", f"{story}b", story, right)]
        rows.append((story, f"{story}a", f"{story}b", label, kind))
    return _build(name, units, rows, [file])


def _make_unit(unit_id: str, group: str, story: str, text: str) -> dict[str, object]:
    return {
        "unit_id": unit_id,
        "segment_id": unit_id,
        "article_id": group,
        "story_id": story,
        "outlet": group,
        "kind": "sentence",
        "start_char": 0,
        "end_char": len(text),
        "source_language": "en",
        "source_text": text,
        "target_start_char": 0,
        "target_end_char": len(text),
        "target_text": text,
    }


def _build(
    name: str,
    units: list[dict[str, object]],
    rows: list[tuple[str, str, str, int, str]],
    files: list[Path],
) -> LabelledSet:
    sided = [(story, *sorted((a, b)), label, kind) for story, a, b, label, kind in rows]
    # By the units, as verify_pairs gives its pairs back.
    ordered = sorted(sided, key=lambda row: row[1:3])
    candidates = [
        {"story_id": story, "unit_left": a, "unit_right": b, "jaccard": 0.0, "cosine": 0.0}
        for story, a, b, _, _ in ordered
    ]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return LabelledSet(
        name=name,
        units=UNITS.build(units).sort("unit_id"),
        candidates=CANDIDATES.build(candidates),
        labels=tuple(bool(row[3]) for row in ordered),
        kinds=tuple(str(row[4]) for row in ordered),
        digest=digest,
    )


def _read_rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
