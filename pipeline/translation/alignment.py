"""Clauses in, their spans in the translation out.

A translation's words are linked to the source's by a lexicon, by names and figures, and by the
model's attention where a model is at hand. The target is then cut into stretches, one for each
clause, where the links change sides, by preference at commas and conjunctions (Viterbi).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pipeline.language.quantities import find_quantities
from pipeline.translation.lexicon import DATA, WordLexicon, fold_sound, load_lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Span = tuple[int, int]

# "i.e.", "z. B." and "a.m." are one word: no clause ends inside.
WORD = re.compile(
    r"\d+(?:[.,:]\d+)*|(?:[^\W\d_]\.[ \u00a0]?){1,3}[^\W\d_]\.|[^\W_]+(?:[’'][^\W_]+)*", re.UNICODE
)
PUNCTUATION = re.compile(r"[,;:.!?–—()\[\]]")
QUOTE = re.compile(r"[„“”\"«»]")
# establishing, making, paralysing: English puts a relative clause so, without a comma
PARTICIPLE = re.compile(r"[a-z]{3,}ing")
# Words a clause begins with: cutting before them is cheap.
OPENERS = frozenset((DATA / "openers.txt").read_text(encoding="utf-8").split())
# Costs of changing the clause between two target words, in units of log-probability.
COST_AT_MARK = 0.7
COST_AT_OPENER = 2.2
COST_AT_PARTICIPLE = 3.5
COST_ELSEWHERE = 5.0
COST_BACKWARD = 0.6  # on top, when the next stretch belongs to an earlier clause
# Weight of a word linked to nothing (articles, what grammar adds, what the lexicon lacks): most
# of it goes to the stretch at the same place of the source, the rest to all alike.
NO_LINK = 0.12
SAME_PLACE = (0.005, 0.1, 0.5)  # the first that leaves no clause without a stretch
NARROWNESS = 10.0
DISTANCE = 3.0  # how fast a link weakens with the distance from the diagonal


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in the text."""

    text: str
    start: int
    end: int


def cut_words(text: str) -> list[Word]:
    """Words and figures of the text."""
    return [Word(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]


def align_spans(
    source_text: str,
    target_text: str,
    spans: Sequence[Span],
    *,
    languages: tuple[str, str],
    attention: NDArray[np.float64] | None = None,
) -> list[Span | None]:
    """The target span of each source span, None where nothing corresponds.

    The spans must not overlap; what they leave of the source is a stretch of its own.
    `attention` has one row a target word and one column a source word (`cut_words`).
    """
    source, target = cut_words(source_text), cut_words(target_text)
    if not source or not target:
        return [None] * len(spans)
    labels, count = _label_words(source, spans)
    links = link_words(source, target, source_text, target_text, languages)
    if attention is not None and attention.shape == (len(target), len(source)):
        links = links + attention
    for weight in SAME_PLACE:
        chosen = _cut_target(links, labels, count, weight, target, target_text)
        if set(labels) & set(range(len(spans))) <= set(chosen):
            break
    found: list[Span | None] = []
    for number in range(len(spans)):
        run = _pick_run(chosen, number, links, labels)
        found.append(None if run is None else _trim(target_text, target, run))
    return found


def link_words(
    source: Sequence[Word],
    target: Sequence[Word],
    source_text: str,
    target_text: str,
    languages: tuple[str, str],
) -> NDArray[np.float64]:
    """Strength of the link of every target word (row) to every source word (column)."""
    lexicon = load_lexicon(*languages)
    columns = [_translations(word.text, lexicon) for word in source]
    links = np.zeros((len(target), len(source)))
    for row, word in enumerate(target):
        lower = word.text.casefold()
        for column, known in enumerate(columns):
            links[row, column] = known.get(lower, 0.0) or _likeness(word.text, source[column].text)
    links += _link_quantities(source, target, source_text, target_text, languages)
    return _share(links * np.exp(-DISTANCE * _distances(len(target), len(source))))


def _distances(rows: int, columns: int) -> NDArray[np.float64]:
    """How far each cell lies from the diagonal, 0..1."""
    across = np.arange(columns)[None, :] / max(1, columns - 1)
    distances: NDArray[np.float64] = np.abs(np.arange(rows)[:, None] / max(1, rows - 1) - across)
    return distances


def _share(links: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each link weakened by the other links of both its words."""
    row = links / np.maximum(links.sum(axis=1, keepdims=True), 1e-9)
    column = links / np.maximum(links.sum(axis=0, keepdims=True), 1e-9)
    result: NDArray[np.float64] = np.sqrt(row * column) * np.minimum(1.0, 3.0 * links)
    return result


def _translations(word: str, lexicon: WordLexicon) -> dict[str, float]:
    lower = word.casefold()
    found = {target: max(0.15, p) for target, p in lexicon.translate(lower).items()}
    if lower in found or not found:
        found[lower] = 0.9
    return found


@lru_cache(maxsize=262144)
def _likeness(left: str, right: str) -> float:
    """How much two words look alike; names and figures above all."""
    if left[0].isdigit() or right[0].isdigit():
        digits = (re.sub(r"\D", "", left), re.sub(r"\D", "", right))
        return 1.0 if digits[0] and digits[0] == digits[1] else 0.0
    if len(left) < 3 or len(right) < 3:
        return 0.9 if left == right and left.isupper() else 0.0
    from rapidfuzz.distance import JaroWinkler

    alike = JaroWinkler.similarity(fold_sound(left), fold_sound(right))
    return (alike - 0.8) * 4.0 if alike > 0.82 else 0.0


def _link_quantities(
    source: Sequence[Word],
    target: Sequence[Word],
    source_text: str,
    target_text: str,
    languages: tuple[str, str],
) -> NDArray[np.float64]:
    """Links between words of equal amounts: `drei` and `three`, `6.00 Uhr` and `6 a.m.`"""
    links = np.zeros((len(target), len(source)))
    theirs = find_quantities(target_text, languages[1])
    for quantity in find_quantities(source_text, languages[0]):
        columns = _words_in(source, quantity.start, quantity.end)
        for other in theirs:
            if other.value == quantity.value and other.unit == quantity.unit:
                rows = _words_in(target, other.start, other.end)
                links[np.ix_(rows, columns)] += 0.5
    return links


def _words_in(words: Sequence[Word], start: int, end: int) -> list[int]:
    return [n for n, word in enumerate(words) if word.start < end and start < word.end]


def _label_words(source: Sequence[Word], spans: Sequence[Span]) -> tuple[list[int], int]:
    """The stretch each source word belongs to: a span's number, or one of a gap between spans."""
    labels: list[int] = []
    count, gap = len(spans), -1
    for word in source:
        middle = (word.start + word.end) / 2
        inside = [n for n, (start, end) in enumerate(spans) if start <= middle < end]
        if inside:
            labels.append(inside[0])
            gap = -1
            continue
        if gap < 0:
            gap, count = count, count + 1
        labels.append(gap)
    return labels, count


def _cut_target(
    links: NDArray[np.float64],
    labels: Sequence[int],
    count: int,
    same_place: float,
    target: Sequence[Word],
    target_text: str,
) -> list[int]:
    """The stretch of every target word: the most probable sequence."""
    near = np.exp(-NARROWNESS * _distances(len(target), len(labels)))
    belief = links + same_place * near / near.sum(axis=1, keepdims=True)
    mass = np.full((len(target), count), NO_LINK / count)
    for column, label in enumerate(labels):
        mass[:, label] += belief[:, column]
    emission = np.log(mass / mass.sum(axis=1, keepdims=True))
    order = [labels.index(label) if label in labels else 0 for label in range(count)]
    backward = np.array([[order[b] < order[a] for b in range(count)] for a in range(count)])
    switch = 1.0 - np.eye(count)
    score = emission[0].copy()
    back = np.zeros((len(target), count), dtype=np.int64)
    for row in range(1, len(target)):
        cost = _border_cost(target_text, target[row - 1], target[row])
        step = score[:, None] - switch * (cost + COST_BACKWARD * backward)
        back[row] = step.argmax(axis=0)
        score = step.max(axis=0) + emission[row]
    chosen = [int(score.argmax())]
    for row in range(len(target) - 1, 0, -1):
        chosen.append(int(back[row, chosen[-1]]))
    return chosen[::-1]


def _border_cost(text: str, left: Word, right: Word) -> float:
    if PUNCTUATION.search(text, left.end, right.start):
        return COST_AT_MARK
    lower = right.text.casefold()
    if lower in OPENERS or QUOTE.search(text, left.end, right.start):
        return COST_AT_OPENER
    return COST_AT_PARTICIPLE if PARTICIPLE.fullmatch(lower) else COST_ELSEWHERE


def _pick_run(
    chosen: Sequence[int], label: int, links: NDArray[np.float64], labels: Sequence[int]
) -> Span | None:
    """The stretch's best run of target words, grown over a short gap; half-open."""
    runs: list[list[int]] = []
    for row, value in enumerate(chosen):
        if value != label:
            continue
        if runs and row - runs[-1][1] <= 0:
            runs[-1][1] = row + 1
        else:
            runs.append([row, row + 1])
    if not runs:
        return None
    columns = [n for n, value in enumerate(labels) if value == label]
    best = max(runs, key=lambda run: float(links[run[0] : run[1]][:, columns].sum()))
    return best[0], best[1]


def _trim(text: str, words: Sequence[Word], run: Span) -> Span:
    """Characters of the run, with a quotation mark or bracket that opens or closes in it."""
    start, end = words[run[0]].start, words[run[1] - 1].end
    before = text[:start]
    opening = re.search(r"[„“\"«(\[]$", before)
    if opening:
        start -= 1
    closing = re.match(r"[”“\"»)\]%]+", text[end:])
    if closing:
        end += len(closing.group())
    return start, end
