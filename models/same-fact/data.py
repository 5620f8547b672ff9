"""Training examples: (left, right, head, label) from the sets named in README.md."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import edits
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.config import MatchingConfig
from pipeline.embedding import load_embedder
from pipeline.pairs.candidates import find_candidate_pairs
from pipeline.pairs.completion import complete_clauses
from tests.eval.gold import load_gold_story
from tests.eval.stories import build_story_units

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.eval.gold import GoldMention

MRPC_TRAIN = "mrpc/msr_paraphrase_train.txt"
MRPC_TEST = "mrpc/msr_paraphrase_test.txt"
FOLDS = 3
STORY_FOLDS = 2
# Cosine of TF-IDF vectors above which two sentences of the news may tell the same.
MOST_LIKE = 0.6
# What each output of the weights for lone sentences answers.
HEADS = ("event", "paraphrase", "strict", "similarity")
# What the weights for stories answer: one fact in common; values that don't agree.
STORY_HEADS = ("event", "conflict")
STORY = "story"
# Read in stage 0 only: does the first sentence entail the second, or contradict it?
ENTAILMENT = "entailment"
ENTAILMENT_LABELS = ("entailment", "neutral", "contradiction")


@dataclass(frozen=True, slots=True)
class Example:
    """Two sentences, the head that learns from them and its label (0..1)."""

    left: str
    right: str
    head: str
    label: float
    kind: str = ""
    conflict: float = 0.0  # stage 3: do both contradict each other?


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


def read_entailment(file: Path) -> list[Example]:
    """SNLI rows on whose label the annotators agreed: premise, hypothesis, number of the label."""
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Example(
            row["sentence1"],
            row["sentence2"],
            ENTAILMENT,
            float(ENTAILMENT_LABELS.index(row["gold_label"])),
        )
        for row in rows
        if row["gold_label"] in ENTAILMENT_LABELS
    ]


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


def read_story(folder: Path) -> list[dict[str, object]]:
    """Candidate pairs of units of a gold story: texts, cosine, `label` and `conflict`.

    `label` is 1 where gold links them, `conflict` where they contradict each other instead. A unit
    states a fact where half of it, or half of the fact's mention, lies in the other.
    """
    gold = load_gold_story(folder)
    units = complete_clauses(build_story_units(gold))
    candidates = find_candidate_pairs(units, MatchingConfig(), embedder=load_embedder())
    unit_of = {unit["unit_id"]: unit for unit in units.iter_rows(named=True)}
    stated = {
        name: {fact.fact_id for fact in gold.facts if any(_covers(m, u) for m in fact.mentions)}
        for name, u in unit_of.items()
    }
    rivals = {
        name: {c.subject for c in gold.conflicts if any(_covers(m, u) for m in c.mentions)}
        for name, u in unit_of.items()
    }
    rows = []
    for row in candidates.sort("unit_left", "unit_right").iter_rows(named=True):
        left, right = unit_of[row["unit_left"]], unit_of[row["unit_right"]]
        linked = bool(stated[left["unit_id"]] & stated[right["unit_id"]])
        rival = bool(rivals[left["unit_id"]] & rivals[right["unit_id"]])
        apart = left["article_id"] != right["article_id"]
        rows.append(
            {
                "left": left["target_text"],
                "right": right["target_text"],
                "cosine": row["cosine"],
                "label": int(linked),
                "conflict": int(rival and apart and not linked),
            }
        )
    return rows


def _covers(mention: GoldMention, unit: dict[str, Any]) -> bool:
    start, end = unit["start_char"], unit["end_char"]
    if unit["article_id"] != mention.article_id:
        return False
    shared = min(end, mention.end_char) - max(start, mention.start_char)
    return 2 * shared >= min(end - start, mention.end_char - mention.start_char)


def fold_of_row(row: int) -> int:
    """The fold that a row of MRPC train is left out in."""
    return row % FOLDS
