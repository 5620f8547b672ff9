"""Training examples: (left, right, head, label, weight) from the sets named in README.md."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import edits
from sklearn.feature_extraction.text import TfidfVectorizer

if TYPE_CHECKING:
    import random
    from pathlib import Path

# What each output of the model answers.
MRPC_TRAIN = "mrpc/msr_paraphrase_train.txt"
MRPC_TEST = "mrpc/msr_paraphrase_test.txt"
FOLDS = 3
# Cosine of TF-IDF vectors above which two sentences of the news may tell the same.
MOST_LIKE = 0.6
HEADS = ("event", "paraphrase", "strict", "similarity")


@dataclass(frozen=True, slots=True)
class Example:
    """Two sentences, the head that learns from them, its label (0..1) and weight."""

    left: str
    right: str
    head: str
    label: float
    weight: float = 1.0
    kind: str = ""


def read_translations(parallel: Path, limit: int, rng: random.Random) -> list[tuple[str, str]]:
    """Two different English wordings of one German news sentence each."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in ("wmt08-18_systems", "wmt24", "wmt23_deen_hyp"):
        raw = subprocess.run(
            ["zstd", "-dc", "--long=27", str(parallel / f"{name}.tsv.zst")],
            check=True, capture_output=True,
        ).stdout.decode()  # fmt: skip
        for line in raw.splitlines():
            german, _, english = line.partition("\t")
            if 5 <= len(english.split()) <= 30 and "&" not in english:
                groups[german].add(english)
    pairs = []
    for german in sorted(groups):
        wordings = sorted(groups[german])
        if len(wordings) < 2:
            continue
        a, b = rng.sample(wordings, 2)
        shared, union = len(split_words(a) & split_words(b)), len(split_words(a) | split_words(b))
        if 0.3 <= shared / union <= 0.85:
            pairs.append((a, b))
    rng.shuffle(pairs)
    return pairs[:limit]


def split_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def make_edit_examples(
    pairs: list[tuple[str, str]], per_kind: int, rng: random.Random
) -> list[Example]:
    """Negatives of every kind, half of them beside the very same sentence, and their positives."""
    pool = sorted({n for a, b in pairs for n in edits.shared_names(a, b)})
    makers = {**edits.NEGATIVE_KINDS, "name": edits.make_name_edit(pool)}
    examples: list[Example] = []
    for kind, edit in makers.items():
        made = 0
        for a, b in rng.sample(pairs, k=len(pairs)):
            if made == per_kind:
                break
            # Short sentences teach as much and cost a third of the time.
            if len(b.split()) > 16 and rng.random() < 0.85:
                continue
            minimal = rng.random() < 0.5
            left = b if minimal else a
            changed = edit(left, b, rng)
            if changed is None or (split_words(changed) == split_words(b) and kind != "role"):
                continue
            if not minimal and rng.random() < 0.3:
                changed = edits.reformat(changed, rng)
            examples.append(_flip(left, changed, "strict", 0.0, kind, rng))
            made += 1
            # The unchanged counterpart, so that the edit and not its place is what is learned.
            if rng.random() < 0.55:
                same = edits.reformat(b, rng) if minimal or rng.random() < 0.5 else b
                if same != left:
                    examples.append(_flip(left, same, "strict", 1.0, "kept " + kind, rng))
    return examples


def make_format_examples(
    pairs: list[tuple[str, str]], count: int, rng: random.Random
) -> list[Example]:
    """Positives in which a number, date, order or wording has another format."""
    examples: list[Example] = []
    for a, b in rng.sample(pairs, k=len(pairs)):
        if len(examples) == count:
            break
        if len(b.split()) > 20:
            continue
        changed = edits.reformat(b, rng)
        if changed != b:
            left = b if rng.random() < 0.6 else a
            examples.append(_flip(left, changed, "strict", 1.0, "format", rng))
    return examples


def make_role_examples(count: int, rng: random.Random) -> list[Example]:
    """Short sentences whose subject and object stay or change places."""
    made = [edits.make_role_pair(rng) for _ in range(count)]
    return [Example(a, b, "strict", float(same), kind="role grammar") for a, b, same in made]


def _flip(a: str, b: str, head: str, label: float, kind: str, rng: random.Random) -> Example:
    left, right = (a, b) if rng.random() < 0.5 else (b, a)
    return Example(left, right, head, label, kind=kind)


def read_mrpc(file: Path) -> list[tuple[str, str, int]]:
    """MRPC rows: left, right, label."""
    with file.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(row[3], row[4], int(row[0])) for row in rows]


def read_labelled(folder: Path) -> list[dict[str, object]]:
    """Pairs of ECB+ or Multi-News: texts, ids, label, story."""
    sentences = {
        row["id"]: row
        for row in map(json.loads, (folder / "sentences.jsonl").read_text().splitlines())
    }
    return [
        {
            "left": sentences[row["id_left"]]["text"], "right": sentences[row["id_right"]]["text"],
            "id_left": row["id_left"], "id_right": row["id_right"], "label": row["label"],
            "story": sentences[row["id_left"]]["story"],
        }
        for row in map(json.loads, (folder / "pairs.jsonl").read_text().splitlines())
    ]  # fmt: skip


def read_similarity(facts: Path) -> list[Example]:
    """STS-B development and test rows as graded similarity 0..1.

    STS-B took some of its pairs from MRPC: rows with a sentence of MRPC's test part are left out.
    """
    tested = {_squeeze(text) for a, b, _ in read_mrpc(facts / MRPC_TEST) for text in (a, b)}
    examples = []
    for part in ("dev", "test"):
        with (facts / f"stsb/stsb-en-{part}.csv").open(encoding="utf-8", newline="") as handle:
            for left, right, grade in csv.reader(handle):
                if not {_squeeze(left), _squeeze(right)} & tested:
                    graded = float(grade) / 5
                    examples.append(Example(left, right, "similarity", graded, kind="stsb"))
    return examples


def _squeeze(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def make_neighbour_examples(
    pairs: list[tuple[str, str]], count: int, rng: random.Random
) -> list[Example]:
    """Two translations of one sentence as positives, its like from elsewhere as negatives.

    `count` positives and as many negatives, half of each for the event and the paraphrase output.
    """
    texts = [a for a, _ in pairs]
    table = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    chosen = rng.sample(range(len(pairs)), k=min(count, len(pairs)))
    examples: list[Example] = []
    for start in range(0, len(chosen), 500):
        rows = chosen[start : start + 500]
        for row, likeness in zip(rows, (table[rows] @ table.T).toarray(), strict=True):
            left, right = pairs[row]
            head = rng.choice(("event", "paraphrase"))
            examples.append(_flip(left, right, head, 1.0, "translation", rng))
            # Liker ones are often the same news once more.
            likeness[likeness > MOST_LIKE] = 0.0
            nearest = likeness.argsort()[::-1][: 5 if rng.random() < 0.7 else 40]
            other = pairs[int(rng.choice(nearest.tolist()))][rng.randrange(2)]
            examples.append(_flip(right, other, head, 0.0, "neighbour", rng))
    return examples


def fold_of_story(story: str) -> int:
    """The fold that a topic of ECB+ or Multi-News is left out in."""
    return zlib.crc32(story.encode()) % FOLDS


def fold_of_row(row: int) -> int:
    """The fold that a row of MRPC train is left out in."""
    return row % FOLDS
