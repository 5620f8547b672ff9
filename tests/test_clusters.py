"""Clusters: from verified pairs only, no drift, no order, whole sentences or clauses."""

from __future__ import annotations

import itertools
import random

import networkx as nx
import polars as pl
import pytest

from pipeline.clusters import cluster_units
from pipeline.clusters.growth import connect_components, grow_clusters, read_pairs
from pipeline.config import MatchingConfig
from pipeline.schemas import CLUSTERS, PAIRS, UNITS

CONFIG = MatchingConfig()


def make_pairs(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    return PAIRS.build(
        [
            {
                "story_id": "s",
                "unit_left": min(one, other),
                "unit_right": max(one, other),
                "jaccard": 0.5,
                "cosine": 0.5,
                "score": score,
                "verdict": verdict,
                "reason": "",
            }
            for one, other, score, verdict in rows
        ]
    )


def make_unit(
    unit: str, start: int = 0, end: int = 40, kind: str = "sentence"
) -> dict[str, object]:
    """`a#0/1` is clause 1 of segment `a#0` of article `a`; its text is as long as its span."""
    text = ("some words of a sentence " * 10)[: end - start]
    return {
        "unit_id": unit,
        "segment_id": unit.split("/", maxsplit=1)[0],
        "article_id": unit.split("#", maxsplit=1)[0],
        "story_id": "s",
        "outlet": unit.split("#", maxsplit=1)[0],
        "kind": "clause" if "/" in unit else kind,
        "start_char": start,
        "end_char": end,
        "source_language": "de",
        "source_text": text,
        "target_start_char": start,
        "target_end_char": end,
        "target_text": text,
    }


def make_units(*units: str) -> pl.DataFrame:
    """Segments; a name with `+2` gets two clauses of 40 characters beside it."""
    rows: list[dict[str, object]] = []
    for name in units:
        unit, _, count = name.partition("+")
        clauses = int(count or 0)
        rows.append(make_unit(unit, 0, max(1, clauses) * 40))
        rows.extend(make_unit(f"{unit}/{n}", n * 40, n * 40 + 40) for n in range(clauses))
    return UNITS.build(rows)


def read_clusters(clusters: pl.DataFrame) -> set[frozenset[str]]:
    groups = clusters.group_by("cluster_id").agg("unit_id")
    return {frozenset(members) for members in groups["unit_id"]}


def same(*units: str) -> frozenset[str]:
    return frozenset(units)


def test_cluster_units_joins_what_is_same_and_leaves_the_rest() -> None:
    pairs = make_pairs(("a#0", "b#0", 0.9, "same"), ("a#0", "c#0", 0.4, "unrelated"))
    clusters = cluster_units(pairs, make_units("a#0", "b#0", "c#0"), CONFIG)
    assert clusters.schema == CLUSTERS.dtypes
    assert read_clusters(clusters) == {same("a#0", "b#0"), same("c#0")}
    shown = clusters.filter("is_canonical")
    assert shown["unit_id"].to_list() == shown["cluster_id"].to_list()
    assert len(shown) == 2


def test_cluster_units_ignores_same_pairs_below_the_threshold() -> None:
    pairs = make_pairs(("a#0", "b#0", 0.49, "same"), ("a#0", "c#0", 0.5, "same"))
    clusters = cluster_units(pairs, make_units("a#0", "b#0", "c#0"), CONFIG)
    assert read_clusters(clusters) == {same("a#0", "c#0"), same("b#0")}


def test_cluster_units_does_not_drift_along_a_chain() -> None:
    names = [f"{letter}#0" for letter in "abcde"]
    chain = [(one, other, 0.9, "same") for one, other in itertools.pairwise(names)]
    clusters = read_clusters(cluster_units(make_pairs(*chain), make_units(*names), CONFIG))
    # A centre that all members match: three in a row, never four.
    assert max(len(members) for members in clusters) <= 3
    assert sorted(unit for members in clusters for unit in members) == names


def test_cluster_units_never_joins_members_that_differ() -> None:
    pairs = make_pairs(
        ("a#0", "b#0", 0.9, "same"), ("b#0", "c#0", 0.8, "same"), ("a#0", "c#0", 0.9, "differs")
    )
    clusters = cluster_units(pairs, make_units("a#0", "b#0", "c#0"), CONFIG)
    assert read_clusters(clusters) == {same("a#0", "b#0"), same("c#0")}


def test_cluster_units_shows_the_whole_when_wholes_match() -> None:
    pairs = make_pairs(("a#0", "b#0", 0.9, "same"), ("a#0/0", "b#0/0", 0.8, "same"))
    clusters = cluster_units(pairs, make_units("a#0+2", "b#0+2"), CONFIG)
    assert same("a#0", "b#0") in read_clusters(clusters)


def test_cluster_units_keeps_the_rest_of_a_sentence_whose_clause_matches() -> None:
    pairs = make_pairs(("a#0/1", "b#0", 0.9, "same"))
    clusters = cluster_units(pairs, make_units("a#0+3", "b#0"), CONFIG)
    assert read_clusters(clusters) == {same("a#0/1", "b#0"), same("a#0/0"), same("a#0/2")}


def test_cluster_units_lets_two_clauses_state_two_facts() -> None:
    pairs = make_pairs(
        ("a#0/0", "b#0", 0.9, "same"), ("a#0/1", "c#0", 0.9, "same"), ("a#0", "b#0", 0.6, "same")
    )
    clusters = cluster_units(pairs, make_units("a#0+2", "b#0", "c#0"), CONFIG)
    assert read_clusters(clusters) == {same("a#0/0", "b#0"), same("a#0/1", "c#0")}


def test_cluster_units_prefers_the_clause_that_matches_as_well_as_its_sentence() -> None:
    rows = [("a#0", "b#0", 0.8, "same"), ("a#0/0", "b#0", 0.8, "same")]
    units = make_units("a#0+2", "b#0")
    closer = read_clusters(cluster_units(make_pairs(*rows), units, CONFIG))
    assert closer == {same("a#0/0", "b#0"), same("a#0/1")}
    rows[1] = ("a#0/0", "b#0", 0.7, "same")
    whole = read_clusters(cluster_units(make_pairs(*rows), units, CONFIG))
    assert whole == {same("a#0", "b#0")}


def test_cluster_units_leaves_no_member_that_does_not_fit_the_canonical() -> None:
    for seed in range(20):
        pairs, units = random_story(seed)
        matches = {
            frozenset(pair)
            for pair in pairs.filter(pl.col("verdict") == "same")
            .select("unit_left", "unit_right")
            .iter_rows()
        }
        segment_of = dict(units.select("unit_id", "segment_id").iter_rows())
        for unit, shown in (
            cluster_units(pairs, units, CONFIG).select("unit_id", "cluster_id").iter_rows()
        ):
            assert segment_of[unit] == segment_of[shown] or frozenset((unit, shown)) in matches


def test_cluster_units_parts_clauses_that_differ_inside_one_sentence() -> None:
    pairs = make_pairs(("a#0/0", "a#0/1", 0.9, "differs"))
    clusters = cluster_units(pairs, make_units("a#0+2"), CONFIG)
    assert read_clusters(clusters) == {same("a#0/0"), same("a#0/1")}


def test_cluster_units_never_joins_clauses_of_one_sentence_by_themselves() -> None:
    rows = [("a#0/0", "a#0/1", 0.9, "same"), ("a#0/1", "b#0", 0.6, "same")]
    clusters = read_clusters(cluster_units(make_pairs(*rows), make_units("a#0+2", "b#0"), CONFIG))
    assert clusters == {same("a#0/0"), same("a#0/1", "b#0")}


def make_headed(*rows: tuple[str, str, float, str]) -> set[frozenset[str]]:
    """Clusters of a headline `a#0` above the sentences `a#1`, `b#0` and `c#0`."""
    headline = UNITS.build([make_unit("a#0", kind="headline")])
    units = pl.concat([headline, make_units("a#1", "b#0", "c#0")])
    return read_clusters(cluster_units(make_pairs(*rows), units, CONFIG))


def test_cluster_units_adds_a_heading_to_what_it_matches() -> None:
    rows = [("a#0", "b#0", 0.6, "same"), ("b#0", "c#0", 0.9, "same")]
    assert make_headed(*rows) == {same("a#0", "b#0", "c#0"), same("a#1")}
    assert make_headed(*rows, ("a#0", "c#0", 0.4, "differs")) == {same("a#1"), same("b#0", "c#0")}


def test_cluster_units_adds_a_heading_only_to_what_it_matches_at_the_centre() -> None:
    rows = [("b#0", "c#0", 0.9, "same"), ("a#1", "b#0", 0.8, "same")]
    at_edge = make_headed(*rows, ("a#0", "c#0", 0.6, "same"))
    assert at_edge == {same("a#1", "b#0", "c#0")}
    assert make_headed(*rows, ("a#0", "b#0", 0.6, "same")) == {same("a#0", "a#1", "b#0", "c#0")}


def test_cluster_units_makes_no_repeated_fact_of_a_heading() -> None:
    rows = [("a#0", "b#0", 0.9, "same")]
    assert make_headed(*rows) == {same("a#1"), same("b#0"), same("c#0")}
    rows.append(("b#0", "c#0", 0.9, "same"))
    assert make_headed(*rows) == {same("a#0", "b#0", "c#0"), same("a#1")}


@pytest.mark.parametrize("text", ["What the row is about", "How it goes on", "Is the dam safe?"])
def test_cluster_units_leaves_out_a_heading_that_asks(text: str) -> None:
    headline = UNITS.build([{**make_unit("a#0", kind="headline"), "target_text": text}])
    units = pl.concat([headline, make_units("a#1", "b#0")])
    pairs = make_pairs(("a#0", "b#0", 0.9, "same"), ("a#0", "a#1", 0.8, "same"))
    assert read_clusters(cluster_units(pairs, units, CONFIG)) == {same("a#1"), same("b#0")}


def test_cluster_units_adds_a_vague_heading_only_to_what_its_own_article_says() -> None:
    near = ("a#0", "a#1", 0.35, "unrelated")
    assert same("a#0", "a#1") in make_headed(near)
    shared = make_headed(near, ("a#1", "b#0", 0.9, "same"))
    assert shared == {same("a#1", "b#0"), same("c#0")}
    assert make_headed(("a#0", "a#1", 0.2, "unrelated")) == {same("a#1"), same("b#0"), same("c#0")}


def test_cluster_units_keeps_the_heading_of_an_article_without_sentences() -> None:
    units = UNITS.build([make_unit("a#0", kind="headline")])
    assert read_clusters(cluster_units(make_pairs(), units, CONFIG)) == {same("a#0")}


def test_cluster_units_joins_units_of_one_article_only_when_they_match() -> None:
    rows = [("a#0", "b#0", 0.9, "same"), ("a#1", "b#0", 0.8, "same")]
    units = make_units("a#0", "a#1", "b#0")
    apart = read_clusters(cluster_units(make_pairs(*rows), units, CONFIG))
    assert apart == {same("a#0", "b#0"), same("a#1")}
    rows.append(("a#0", "a#1", 0.7, "same"))
    joined = read_clusters(cluster_units(make_pairs(*rows), units, CONFIG))
    assert joined == {same("a#0", "a#1", "b#0")}


def test_cluster_units_joins_a_teaser_with_what_its_article_says_in_other_words() -> None:
    pairs = make_pairs(
        ("a#0", "b#0", 0.9, "same"), ("a#5", "b#0", 0.8, "same"), ("a#0", "a#5", 0.2, "unrelated")
    )
    plain = make_units("a#0", "a#5", "b#0")
    opening = pl.col("unit_id") == "a#0"
    teaser = plain.with_columns(kind=pl.when(opening).then(pl.lit("teaser")).otherwise("kind"))
    assert read_clusters(cluster_units(pairs, plain, CONFIG)) == {same("a#0", "b#0"), same("a#5")}
    assert read_clusters(cluster_units(pairs, teaser, CONFIG)) == {same("a#0", "a#5", "b#0")}


def test_cluster_units_shows_a_member_whose_translation_is_not_doubted() -> None:
    pairs = make_pairs(("a#0", "b#0", 0.9, "same"))
    units = make_units("a#0", "b#0")
    plain = cluster_units(pairs, units, CONFIG)
    doubted = cluster_units(pairs, units, CONFIG, doubtful={"a#0"})
    assert plain.filter("is_canonical")["unit_id"].to_list() == ["a#0"]
    assert doubted.filter("is_canonical")["unit_id"].to_list() == ["b#0"]


def test_cluster_units_shows_a_wording_that_stands_by_itself() -> None:
    fragment = {**make_unit("a#0/1", 40, 80), "target_text": "which run every full hour of the day"}
    rows = [make_unit("a#0", 0, 80), make_unit("a#0/0", 0, 40), fragment]
    whole = {**make_unit("b#0"), "target_text": "Buses run every hour"}
    clusters = cluster_units(
        make_pairs(("a#0/1", "b#0", 0.9, "same")), UNITS.build([*rows, whole]), CONFIG
    )
    assert clusters.filter(pl.col("unit_id") == "a#0/1")["cluster_id"].to_list() == ["b#0"]


def random_story(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    chance = random.Random(seed)
    names = [f"{chr(97 + n % 6)}#{n // 6}+{chance.choice((0, 2, 3))}" for n in range(24)]
    units = make_units(*names)
    ids = units["unit_id"].to_list()
    rows = []
    for left, right in ((x, y) for x in ids for y in ids if x < y):
        parted = left.split("/")[0] != right.split("/")[0]
        if (parted or ("/" in left and "/" in right)) and chance.random() < 0.15:
            verdict = chance.choice(("same", "same", "differs", "unrelated"))
            rows.append((left, right, round(chance.uniform(0.5, 1), 3), verdict))
    return make_pairs(*rows), units


@pytest.mark.parametrize("seed", range(20))
def test_cluster_units_is_independent_of_order(seed: int) -> None:
    pairs, units = random_story(seed)
    expected = cluster_units(pairs, units, CONFIG)
    shuffled = cluster_units(
        pairs.sample(fraction=1.0, shuffle=True, seed=seed),
        units.sample(fraction=1.0, shuffle=True, seed=seed + 1),
        CONFIG,
    )
    assert shuffled.equals(expected)


@pytest.mark.parametrize("seed", range(20))
def test_cluster_units_loses_nothing_and_keeps_no_quarrel(seed: int) -> None:
    pairs, units = random_story(seed)
    clusters = cluster_units(pairs, units, CONFIG)
    span_of = {row["unit_id"]: row for row in units.iter_rows(named=True)}
    covered: dict[str, set[int]] = {}
    for unit in clusters["unit_id"]:
        row = span_of[unit]
        covered.setdefault(row["segment_id"], set()).update(
            range(row["start_char"], row["end_char"])
        )
    for row in units.filter(pl.col("kind") != "clause").iter_rows(named=True):
        assert covered[row["segment_id"]] == set(range(row["start_char"], row["end_char"]))
    cluster_of = dict(clusters.select("unit_id", "cluster_id").iter_rows())
    for left, right in (
        pairs.filter(pl.col("verdict") == "differs").select("unit_left", "unit_right").iter_rows()
    ):
        if left in cluster_of and right in cluster_of:
            assert cluster_of[left] != cluster_of[right]


@pytest.mark.parametrize("seed", range(10))
def test_connect_components_agrees_with_networkx(seed: int) -> None:
    graph = nx.gnp_random_graph(60, 0.03, seed=seed)
    edges = {f"{n:02}": {f"{m:02}" for m in graph[n]} for n in graph if graph.degree[n]}
    expected = {
        frozenset(f"{n:02}" for n in members)
        for members in nx.connected_components(graph)
        if len(members) > 1
    }
    assert {frozenset(members) for members in connect_components(edges)} == expected


@pytest.mark.parametrize("seed", range(10))
def test_grow_clusters_keeps_complete_groups_and_needs_a_centre(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        (f"{one:02}#0", f"{other:02}#0", round(chance.uniform(0.5, 1), 3), "same")
        for one in range(20)
        for other in range(one + 1, 20)
        if one // 4 == other // 4 or chance.random() < 0.02
    ]
    graph = read_pairs(make_pairs(*rows), 0.5)
    articles = {unit: unit for row in rows for unit in row[:2]}
    groups = [
        set(group)
        for component in connect_components(graph.same)
        for group in grow_clusters(component, graph, {}, articles)
    ]
    for group in groups:
        assert any(group - {unit} <= graph.same[unit] for unit in group)
    if not any(int(one[:2]) // 4 != int(other[:2]) // 4 for one, other, *_ in rows):
        assert sorted(map(len, groups)) == [4] * 5
