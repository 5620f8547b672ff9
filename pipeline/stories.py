"""Articles with their English in, stories out: which articles report the same events.

Three signals, combined by a logistic regression that was fitted on four written stories (each
alone and mixed) and 526 articles of ECB+ and Multi-News (average precision 0.83 on pairs of ECB+
sub-events, 0.81 for the best single signal): cosine of headline and lead, cosine of all
sentences' mean, and cosine of the words weighted by rarity. Publication dates far apart count
against. Articles are joined by average linkage, so one bridge between two stories does not make
them one.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.schemas import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from pipeline.config import MatchingConfig
    from pipeline.embedding import Embedder

STORIES = pl.Schema({"article_id": pl.String(), "story_id": pl.String()})
HEAD_WEIGHT, CENTRE_WEIGHT, WORDS_WEIGHT, BIAS = 0.5, 10.0, 9.7, -8.25
# Days apart are a prior, not fitted (the sets carry no dates): a month costs as much as a
# tenth of cosine, so a story followed for weeks stays one.
DAY_WEIGHT, MAX_DAYS = 0.02, 120
HEAD_SEGMENTS, BODY_SEGMENTS = 2, 20
# Above this many articles only the nearest are compared with each other.
NEAREST_ARTICLES = 60
BLOCK_ROWS = 1_024
WORD = re.compile(r"\w[\w'’-]*")
MIN_WORD_CHARS = 3
SLUG_CHARS, DIGEST_CHARS = 48, 6


@dataclass(frozen=True, slots=True)
class Profile:
    """What an article is about."""

    article_id: str
    headline: str
    published: date | None
    segments: tuple[str, ...]


def group_articles(
    articles: pl.DataFrame, units: pl.DataFrame, config: MatchingConfig, *, embedder: Embedder
) -> pl.DataFrame:
    """Columns article_id and story_id, sorted by article_id; every article has a story.

    `units` is any frame with article_id, kind, start_char and English target_text; clauses are
    passed over. A story_id is the slug of its central headline and a digest of that article.
    """
    profiles = _read_profiles(ARTICLES.check(articles), units)
    if not profiles:
        return pl.DataFrame(schema=STORIES)
    likeness = compare_articles(profiles, embedder)
    rows = [
        {"article_id": profiles[member].article_id, "story_id": story_id}
        for group in link_articles(len(profiles), likeness, config.story_threshold)
        for story_id in [_name_story(group, profiles, likeness)]
        for member in group
    ]
    return pl.DataFrame(rows, schema=STORIES, orient="row").sort("article_id")


def compare_articles(
    profiles: Sequence[Profile], embedder: Embedder
) -> dict[tuple[int, int], float]:
    """Probability that two articles report one story, by their places, left below right."""
    heads = embedder.encode([" ".join(p.segments[:HEAD_SEGMENTS]) for p in profiles])
    centres = _average_segments(profiles, embedder)
    words = _weigh_words(profiles)
    return {
        (left, right): round(
            _join_signals(
                float(heads[left] @ heads[right]),
                float(centres[left] @ centres[right]),
                sum(weight * words[right].get(word, 0.0) for word, weight in words[left].items()),
                _count_days(profiles[left], profiles[right]),
            ),
            6,
        )
        for left, right in _find_near(centres)
    }


def link_articles(
    count: int, likeness: Mapping[tuple[int, int], float], threshold: float
) -> list[list[int]]:
    """Groups of places by average linkage over the compared pairs, in order of the first member."""
    members = {place: [place] for place in range(count)}
    sums: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
    queue = []
    for (left, right), score in sorted(likeness.items()):
        sums[left][right] = sums[right][left] = (score, 1)
        queue.append((-score, left, right, left, right))
    heapq.heapify(queue)
    fresh = count
    while queue and -queue[0][0] >= threshold:
        *_, left, right = heapq.heappop(queue)
        if left not in members or right not in members:
            continue
        members[fresh] = sorted(members.pop(left) + members.pop(right))
        joined = _add_sums(sums.pop(left), sums.pop(right))
        for other, (total, pairs) in sorted(joined.items()):
            if other in members:
                sums[fresh][other] = sums[other][fresh] = (total, pairs)
                first, second = sorted((members[fresh][0], members[other][0]))
                average = round(total / pairs, 9)
                heapq.heappush(queue, (-average, first, second, other, fresh))
        fresh += 1
    return sorted(members.values())


def _add_sums(
    left: dict[int, tuple[float, int]], right: dict[int, tuple[float, int]]
) -> dict[int, tuple[float, int]]:
    both = dict(left)
    for other, (total, pairs) in right.items():
        known = both.get(other, (0.0, 0))
        both[other] = (known[0] + total, known[1] + pairs)
    return both


def _join_signals(head: float, centre: float, words: float, days: int) -> float:
    logit = HEAD_WEIGHT * head + CENTRE_WEIGHT * centre + WORDS_WEIGHT * words + BIAS
    return 1.0 / (1.0 + math.exp(DAY_WEIGHT * min(days, MAX_DAYS) - logit))


def _read_profiles(articles: pl.DataFrame, units: pl.DataFrame) -> list[Profile]:
    """Profiles sorted by article_id; an article without units has no segments."""
    ordered = units.filter(pl.col("kind") != "clause").sort("article_id", "start_char")
    texts: dict[str, list[str]] = defaultdict(list)
    headlines: dict[str, str] = {}
    for article, kind, text in ordered.select("article_id", "kind", "target_text").iter_rows():
        texts[article].append(text)
        if kind == "headline":
            headlines.setdefault(article, text)
    return [
        Profile(
            article,
            headlines.get(article) or title or " ".join(texts[article][:1]) or article,
            published,
            tuple(texts[article][:BODY_SEGMENTS]) or (title or "",),
        )
        for article, title, published in articles.sort("article_id")
        .select("article_id", "title", "published")
        .iter_rows()
    ]


def _average_segments(profiles: Sequence[Profile], embedder: Embedder) -> NDArray[np.float32]:
    """Unit mean vector of each article's segments."""
    vectors = embedder.encode([text for profile in profiles for text in profile.segments])
    ends = np.cumsum([len(profile.segments) for profile in profiles])
    means = np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])])
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.maximum(norms, 1e-9), dtype=np.float32)


def _weigh_words(profiles: Sequence[Profile]) -> list[dict[str, float]]:
    """Unit vectors of words, rare ones heavy.

    Rarity is counted over segments, not articles: so the words that all articles of one story
    share still count, and the figure hardly depends on how many articles are given.
    """
    texts = [[_cut_words(text) for text in profile.segments] for profile in profiles]
    spread = Counter(word for article in texts for words in article for word in set(words))
    total = sum(len(article) for article in texts)
    rarity = {word: math.log((1 + total) / (1 + seen)) for word, seen in spread.items()}
    counts = [Counter(word for words in article for word in words) for article in texts]
    return [_scale({w: (1 + math.log(n)) * rarity[w] for w, n in c.items()}) for c in counts]


def _cut_words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.casefold()) if len(word) >= MIN_WORD_CHARS]


def _scale(weights: dict[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / norm for word, weight in weights.items()}


def _find_near(centres: NDArray[np.float32]) -> Iterable[tuple[int, int]]:
    """Pairs of places worth comparing: all, or each article's nearest when there are many."""
    total = len(centres)
    if total <= NEAREST_ARTICLES + 1:
        return [(left, right) for left in range(total) for right in range(left + 1, total)]
    found: set[tuple[int, int]] = set()
    for start in range(0, total, BLOCK_ROWS):
        similarity = centres[start : start + BLOCK_ROWS] @ centres.T
        near = np.argpartition(-similarity, NEAREST_ARTICLES, axis=1)[:, : NEAREST_ARTICLES + 1]
        found.update(
            (min(start + row, other), max(start + row, other))
            for row, others in enumerate(near.tolist())
            for other in others
            if other != start + row
        )
    return sorted(found)


def _count_days(left: Profile, right: Profile) -> int:
    if left.published is None or right.published is None:
        return 0
    return abs((left.published - right.published).days)


def _name_story(
    group: Sequence[int],
    profiles: Sequence[Profile],
    likeness: Mapping[tuple[int, int], float],
) -> str:
    """Slug and digest of the article that is most like the others."""

    def centrality(place: int) -> float:
        others = (likeness.get((min(place, o), max(place, o)), 0.0) for o in group if o != place)
        return round(sum(sorted(others)), 6)

    central = profiles[min(group, key=lambda place: (-centrality(place), place))]
    digest = hashlib.sha256(central.article_id.encode()).hexdigest()[:DIGEST_CHARS]
    slug = make_slug(central.headline)
    return f"{slug}-{digest}" if slug else digest


def make_slug(text: str) -> str:
    """The text in lower-case ASCII words joined by hyphens, cut at a word."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore")
    words = re.findall(r"[a-z0-9]+", plain.decode().lower())
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > SLUG_CHARS:
            break
        slug = longer
    return slug
