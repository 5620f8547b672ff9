"""Facts: spans quote, kinds and sources are counted, conflicts stand side by side."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipeline.clusters import cluster_units
from pipeline.config import MatchingConfig
from pipeline.facts import build_facts, build_mentions, build_sentences
from pipeline.facts.agency import count_sources, find_agencies, find_copies
from pipeline.facts.conflicts import (
    Dispute,
    can_conflict,
    extend_denials,
    group_disputes,
    name_kind,
)
from pipeline.facts.values import describe_value, find_event_dates
from pipeline.schemas import (
    ARTICLES,
    CLAUSE_TARGETS,
    CLAUSES,
    FACTS,
    MENTIONS,
    PAIRS,
    SEGMENTS,
    SENTENCES,
    TRANSLATIONS,
)
from pipeline.units import assign_stories, build_units

CONFIG = MatchingConfig()
# Outlet -> German and English of its segments; "|" is where clauses are cut.
TEXTS = {
    "abend": [
        (
            "Die Wehr zählt 300 Helfer,| die Stadt zählt nur 200.",
            "300 helpers,| says the brigade; 200, says the city.",
        ),
        (
            "Der Damm hielt nach Angaben der Behörde bis zum Morgen stand.",
            "The dam held until morning, the authority said.",
        ),
        ("(dpa)", "(dpa)"),
    ],
    "bote": [
        (
            "Der Damm hielt nach Angaben der Behörde bis zum Morgen stand.",
            "The dam held until the morning, according to the authority.",
        ),
        ("Am 3. Juni 2024 wurde er geprüft.", "It was inspected on June 3, 2024."),
        ("(ab/dpa)", "(ab/dpa)"),
    ],
    "chronik": [
        ("Bis zum Morgen blieb der Damm heil.", "Until the morning the dam stayed whole."),
    ],
}


@pytest.fixture
def frames() -> dict[str, pl.DataFrame]:
    """The frames before verification for TEXTS; the last segment in brackets is a byline."""
    articles: list[dict[str, object]] = []
    segments: list[dict[str, object]] = []
    clauses: list[dict[str, object]] = []
    translations: list[dict[str, object]] = []
    targets: list[dict[str, object]] = []
    for outlet, texts in TEXTS.items():
        place = 0
        body = "\n".join(source.replace("|", "") for source, _ in texts)
        articles.append(
            {"article_id": outlet, "outlet": outlet, "language": "de", "path": "-", "text": body}
            | {"published": date(2024, 6, 4) if outlet == "bote" else None}
        )
        for position, (source, target) in enumerate(texts):
            key, plain = f"{outlet}#{position:04d}", source.replace("|", "")
            segments.append(
                {
                    "segment_id": key,
                    "article_id": outlet,
                    "position": position,
                    "kind": "byline" if source.startswith("(") else "sentence",
                    "start_char": place,
                    "end_char": place + len(plain),
                    "source_text": plain,
                }
            )
            translations.append(
                {"segment_id": key, "target_text": target.replace("|", ""), "engine": "memory"}
                | {"flags": []}
            )
            start = target_start = 0
            for number, (part, other) in enumerate(
                zip(source.split("|"), target.split("|"), strict=True)
            ):
                clauses.append(
                    {
                        "clause_id": f"{key}/{number}",
                        "segment_id": key,
                        "position": number,
                        "start_char": place + start,
                        "end_char": place + start + len(part),
                        "source_text": part,
                    }
                )
                targets.append(
                    {"clause_id": f"{key}/{number}", "target_start_char": target_start}
                    | {"target_end_char": target_start + len(other)}
                )
                start, target_start = start + len(part), target_start + len(other)
            place += len(plain) + 1
    made = {
        "articles": ARTICLES.build(articles),
        "segments": SEGMENTS.build(segments),
        "translations": TRANSLATIONS.build(translations),
        "stories": pl.DataFrame({"article_id": list(TEXTS), "story_id": ["s"] * len(TEXTS)}),
    }
    units = build_units(
        made["segments"],
        CLAUSES.build(clauses),
        made["translations"],
        CLAUSE_TARGETS.build(targets),
        made["articles"],
    )
    return {**made, "units": assign_stories(units, made["stories"])}


VERDICTS = [
    ("abend#0001", "bote#0000", 0.95, "same", ""),
    ("abend#0001", "chronik#0000", 0.8, "same", ""),
    ("bote#0000", "chronik#0000", 0.8, "same", ""),
    ("abend#0000/0", "abend#0000/1", 0.7, "differs", "number 300 != 200"),
]


def make_pairs() -> pl.DataFrame:
    return PAIRS.build(
        [
            {"story_id": "s", "unit_left": left, "unit_right": right, "score": score}
            | {"verdict": verdict, "reason": reason}
            for left, right, score, verdict, reason in VERDICTS
        ]
    )


@pytest.fixture
def facts(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    pairs = make_pairs()
    clusters = cluster_units(pairs, frames["units"], CONFIG)
    return build_facts(
        clusters,
        pairs,
        frames["units"],
        frames["segments"],
        frames["articles"],
        frames["translations"],
        CONFIG,
    )


def test_build_facts_counts_outlets_and_sources(facts: pl.DataFrame) -> None:
    repeated = facts.row(0, named=True)
    assert repeated["kind"] == "repeated"
    assert repeated["outlets"] == ["abend", "bote", "chronik"]
    assert repeated["outlet_count"] == 3
    # abend and bote print one dpa sentence: with chronik two independent sources.
    assert repeated["source_count"] == 2
    assert {m["outlet"]: m["agency"] for m in repeated["mentions"]} == {
        "abend": "dpa",
        "bote": "dpa",
        "chronik": None,
    }
    assert facts["kind"].to_list() == ["repeated", "single", "single", "single"]


def test_build_facts_quotes_the_articles(
    facts: pl.DataFrame, frames: dict[str, pl.DataFrame]
) -> None:
    text_of = dict(frames["articles"].select("article_id", "text").iter_rows())
    for fact in facts.iter_rows(named=True):
        assert fact["mentions"][0]["source_text"] == fact["source_text"]
        for mention in fact["mentions"]:
            text = text_of[mention["article_id"]]
            assert text[mention["start_char"] : mention["end_char"]] == mention["source_text"]
            whole = mention["segment_target_text"]
            start, end = mention["target_start_char"], mention["target_end_char"]
            assert whole[start:end] == mention["target_text"]


def test_build_facts_lists_a_conflict_inside_one_sentence(facts: pl.DataFrame) -> None:
    disputed = [fact for fact in facts.iter_rows(named=True) if fact["conflicts"]]
    assert len(disputed) == 2
    first, second = (fact["conflicts"] for fact in disputed)
    assert first == second
    assert first[0]["kind"] == "number"
    assert set(first[0]["fact_ids"]) == {fact["fact_id"] for fact in disputed}
    values = dict(zip(first[0]["fact_ids"], first[0]["values"], strict=True))
    assert [values[fact["fact_id"]] for fact in disputed] == ["300 helpers (abend)", "200 (abend)"]


def test_build_facts_dates_a_fact(facts: pl.DataFrame) -> None:
    dated = facts.filter(pl.col("event_dates").list.len() > 0)
    assert dated["event_dates"].to_list() == [["2024-06-03"]]
    assert dated["first_published"].to_list() == [date(2024, 6, 4)]


def test_build_facts_names_are_stable(facts: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> None:
    assert facts["fact_id"].n_unique() == len(facts)
    shuffled = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=3) for name, frame in frames.items()
    }
    pairs = make_pairs().sample(fraction=1.0, shuffle=True, seed=4)
    clusters = cluster_units(pairs, shuffled["units"], CONFIG)
    again = build_facts(
        clusters,
        pairs,
        shuffled["units"],
        shuffled["segments"],
        shuffled["articles"],
        shuffled["translations"],
        CONFIG,
    )
    assert again.schema == FACTS.dtypes
    assert again.equals(facts)


def test_build_mentions_holds_every_segment(
    facts: pl.DataFrame, frames: dict[str, pl.DataFrame]
) -> None:
    mentions = build_mentions(
        facts, frames["segments"], frames["translations"], frames["articles"], frames["stories"]
    )
    assert mentions.schema == MENTIONS.dtypes
    assert set(mentions["segment_id"]) == set(frames["segments"]["segment_id"])
    without = mentions.filter(pl.col("fact_id").is_null())
    assert set(without["kind"]) == {"byline"}
    assert mentions.filter("is_canonical")["fact_id"].n_unique() == len(facts)


def test_build_sentences_has_one_row_a_fact(facts: pl.DataFrame) -> None:
    sentences = build_sentences(facts)
    assert sentences.schema == SENTENCES.dtypes
    assert sentences["fact_id"].to_list() == facts["fact_id"].to_list()
    assert sentences["duplicate_count"].to_list() == [2, 0, 0, 0]
    assert sentences["sentence_id"].n_unique() == len(sentences)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(bg/dpa)", ("dpa",)),
        ("Regen (dpa/lby) –", ("dpa",)),
        ("(AFP/Reuters)", ("AFP", "Reuters")),
        ("Berlin (KNA)", ("KNA",)),
        ("sagte er der Deutschen Presse-Agentur", ("dpa",)),
        ("Die Apathie der Therapie", ()),
    ],
)
def test_find_agencies_reads_credits(text: str, expected: tuple[str, ...]) -> None:
    assert find_agencies(text) == expected


def test_find_copies_needs_length_and_likeness() -> None:
    sentence = "Die Feuerwehr war nach Angaben der Polizei mit 40 Kräften im Einsatz."
    retouched = "Die Feuerwehr war laut Angaben der Polizei mit 40 Kräften im Einsatz."
    rewritten = "Mit 40 Kräften rückte die Feuerwehr aus, wie die Polizei mitteilte."
    assert find_copies([sentence, retouched, rewritten, "Ja.", "Ja."]) == [(0, 1)]


def test_count_sources_counts_a_chain_of_copies_once() -> None:
    assert count_sources(["a", "b", "c", "d"], [(0, 1), (1, 2)]) == 2
    assert count_sources(["a", "a"], []) == 1


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("number 3000 != 10000", "number"),
        ("negated", "negation"),
        ("date June != July; number 1 != 2", "date"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_name_kind_reads_the_reason(reason: str | None, kind: str) -> None:
    assert name_kind(reason) == kind


@pytest.mark.parametrize(
    ("one", "other", "shared", "expected"),
    [
        ("900 people left.", "The mayor says 700 left.", set(), True),
        ("900 people left.", "700 people stayed.", {"a"}, False),
        ("Police say 900 people came.", "The mayor says 700 people came.", {"a"}, True),
        ("Police say 900 people came.", "The mayor says 70 trains ran.", {"a"}, False),
    ],
    ids=["two articles", "one article", "two speakers", "two speakers on two things"],
)
def test_can_conflict_needs_two_articles_or_two_speakers(
    one: str, other: str, shared: set[str], expected: bool
) -> None:
    assert can_conflict(one, other, shared, same_sentence=False) is expected
    assert can_conflict(one, other, {"a"}, same_sentence=True)


@pytest.mark.parametrize(
    ("kind", "text", "other", "expected"),
    [
        (
            "number",
            "According to the police, at least 3,000 young people marched.",
            "About 1,500 people marched.",
            "at least 3,000 young people – the police (x)",
        ),
        (
            "number",
            "The union counts 40 buses and 3,200 strikers.",
            "The employers count 2,100 strikers and 40 buses.",
            "3,200 strikers (x)",
        ),
        ("date", "It opens on June 18.", "It opens on June 19.", "June 18 (x)"),
        (
            "negation",
            "The association will appeal.",
            "It won't.",
            "The association will appeal. (x)",
        ),
    ],
    ids=["figure", "only the differing figure", "date", "wording"],
)
def test_describe_value_quotes_what_differs(
    kind: str, text: str, other: str, expected: str
) -> None:
    assert describe_value(kind, text, [other], ["x"]) == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("He left on 10 November, as in May 2022.", None, ["2022-05"]),
        ("He left on 10 November, as in May 2022.", date(2024, 11, 12), ["2022-05", "2024-11-10"]),
        ("On 28 December, they met.", date(2025, 1, 4), ["2024-12-28"]),
        ("They will meet on 3 January.", date(2024, 12, 20), ["2025-01-03"]),
        ("In June 2024, on 3 June 2024, it began.", None, ["2024-06-03"]),
    ],
    ids=["no year", "nearest year", "last year", "next year", "month beside its day"],
)
def test_find_event_dates_completes_the_year(
    text: str, published: date | None, expected: list[str]
) -> None:
    assert find_event_dates([{"target_text": text, "published": published}]) == expected


def dispute(left: int, right: int, kind: str, score: float = 0.4) -> Dispute:
    return Dispute(left, right, kind, score, f"u{left}", f"u{right}")


def test_extend_denials_reaches_what_differs_by_a_figure_only() -> None:
    known = [dispute(0, 1, "denial"), dispute(1, 2, "number", 0.3), dispute(1, 3, "date")]
    assert extend_denials(known) == [dispute(0, 2, "denial", 0.3)]
    assert extend_denials([*known, dispute(0, 2, "number")]) == []


def test_group_disputes_puts_a_denial_beside_all_that_it_denies() -> None:
    disputes = [dispute(0, 2, "denial"), dispute(1, 2, "denial"), dispute(2, 3, "denial")]
    assert [c.facts for c in group_disputes(disputes)] == [(0, 1, 2, 3)]
    figures = [dispute(0, 2, "number"), dispute(1, 2, "number")]
    assert [c.facts for c in group_disputes(figures)] == [(0, 2), (1, 2)]


def test_group_disputes_shows_two_denials_apart() -> None:
    disputes = [dispute(0, 1, "denial"), dispute(0, 2, "denial"), dispute(3, 4, "denial")]
    assert [c.facts for c in group_disputes(disputes)] == [(0, 1, 2), (3, 4)]


def test_group_disputes_takes_all_figures_for_one_kind() -> None:
    disputes = [dispute(0, 1, "number"), dispute(0, 2, "quantifier"), dispute(1, 2, "number")]
    assert [(c.kind, c.facts) for c in group_disputes(disputes)] == [("number", (0, 1, 2))]
