"""The whole chain on the seeds: what a user gets, and what must never happen."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from pipeline import deduplicate, translate
from pipeline.config import load_config
from pipeline.errors import FaktenblattError, InputError, OutputError, PackageError
from pipeline.explain import explain_texts
from pipeline.packages import list_installed, verify_package
from pipeline.run import FactSheetResult, build_fact_sheet, render_files, run_to_folder
from pipeline.schemas import FACTS, MENTIONS, PAIRS, SENTENCES

SEEDS = Path(__file__).parent.parent / "seeds"
STORY_FILES = {
    "factsheet.md",
    "factsheet.html",
    "factsheet.docx",
    "facts.jsonl",
    "facts.csv",
    "sentences.parquet",
    "sentences.jsonl",
    "mentions.parquet",
    "pairs.parquet",
    "bilingual.tmx",
}


@pytest.fixture(scope="module", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches and packages in a folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKTENBLATT_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def seeds() -> FactSheetResult:
    return build_fact_sheet([SEEDS])


@pytest.fixture(scope="module")
def files(seeds: FactSheetResult) -> dict[str, str | bytes]:
    return render_files(seeds)


def repeated_with(result: FactSheetResult, *words: str) -> list[dict[str, object]]:
    """Repeated facts whose English has all the words."""
    facts = result.facts.filter(pl.col("kind") == "repeated").to_dicts()
    return [f for f in facts if all(word in str(f["target_text"]).lower() for word in words)]


def test_build_fact_sheet_finds_the_signing_and_the_clause(seeds: FactSheetResult) -> None:
    signing = repeated_with(seeds, "june", "putin")
    assert len(signing) == 1
    assert signing[0]["outlet_count"] == 3
    clause = [f for f in repeated_with(seeds, "attack") if "milit" in str(f["target_text"]).lower()]
    assert len(clause) == 1
    assert {"Chronik", "Hintergrund"} <= set(clause[0]["outlets"])  # type: ignore[call-overload]


def test_mentions_quote_the_articles(seeds: FactSheetResult) -> None:
    texts = dict(seeds.articles.select("article_id", "text").iter_rows())
    mentions = seeds.facts.explode("mentions").select(pl.col("mentions").struct.unnest())
    assert mentions.height > 0
    for row in mentions.iter_rows(named=True):
        quoted = texts[row["article_id"]][row["start_char"] : row["end_char"]]
        assert quoted == row["source_text"]
        target = row["segment_target_text"][row["target_start_char"] : row["target_end_char"]]
        assert target == row["target_text"]


def test_no_segment_is_lost(seeds: FactSheetResult) -> None:
    listed = set(seeds.mentions["segment_id"])
    assert listed == set(seeds.segments["segment_id"])
    stated = seeds.mentions.filter(pl.col("fact_id").is_not_null())
    assert set(stated["kind"]).isdisjoint({"byline", "dateline", "boilerplate"})
    assert set(stated["fact_id"]) == set(seeds.facts["fact_id"])


def test_frames_have_the_contract_s_columns(seeds: FactSheetResult) -> None:
    for frame, schema in (
        (seeds.facts, FACTS),
        (seeds.sentences, SENTENCES),
        (seeds.mentions, MENTIONS),
        (seeds.pairs, PAIRS),
    ):
        schema.check(frame)


def test_differing_figures_are_conflicts_and_not_merged(seeds: FactSheetResult) -> None:
    values = [
        " | ".join(conflict["values"])
        for conflicts in seeds.facts["conflicts"].to_list()
        for conflict in conflicts
    ]
    assert any("1,500" in value and "3,000" in value for value in values), values
    for mentions in seeds.facts["mentions"].to_list():
        wordings = " ".join(mention["source_text"] for mention in mentions)
        assert not ("1.500" in wordings and "3.000 Soldaten" in wordings)


@pytest.fixture
def forbidden_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to connect or to look a host up fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("forbidden_sockets")
def test_dedup_translate_explain_and_the_packages_open_no_socket(toy_package: Path) -> None:
    sentences = pl.DataFrame({"text": ["The mayor resigned.", "The mayor stepped down."]})
    assert deduplicate(sentences).sentence_count == 2
    config = load_config(translation={"package": toy_package}).translation
    assert len(list(translate(["Der Hund schläft."], "de", config))) == 1
    assert explain_texts("The mayor resigned.", "The mayor did not resign.").verdict != "same"
    assert list_installed(toy_package)
    assert verify_package(str(toy_package)).package.from_code == "de"


@pytest.mark.usefixtures("forbidden_sockets")
def test_a_rerun_opens_no_socket_and_gives_the_same_bytes(
    files: dict[str, str | bytes], tmp_path: Path
) -> None:
    run_to_folder([SEEDS], tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == STORY_FILES | {"run.json"}
    for name, body in files.items():
        expected = body.encode("utf-8") if isinstance(body, str) else body
        assert (tmp_path / name).read_bytes() == expected, name
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == STORY_FILES
    stages = {stage["stage"]: stage for stage in manifest["stages"]}
    assert stages["articles"]["kept"] == 3
    last_line = (tmp_path / "factsheet.md").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert manifest["signature"].split(" | ")[0] in last_line


def test_the_order_of_inputs_does_not_matter(seeds: FactSheetResult) -> None:
    names = sorted((path.name for path in SEEDS.glob("*.txt")), reverse=True)
    settings = {"memory": [SEEDS / "memory.tmx"], "terms": [SEEDS / "terms.csv"]}
    other = build_fact_sheet([SEEDS / name for name in names], load_config(translation=settings))
    assert other.facts.equals(seeds.facts)
    assert other.mentions.equals(seeds.mentions)


def write_english(folder: Path, name: str, text: str) -> None:
    front = f"---\noutlet: {name.title()}\ndate: 2024-06-02\nlanguage: en\n---\n"
    (folder / f"{name}.txt").write_text(front + text, encoding="utf-8")


def test_rejects_are_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    write_english(tmp_path, "uferblatt", "The Rottach rose by two metres on Saturday night.\n")
    (tmp_path / "leer.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
    result = build_fact_sheet([tmp_path])
    assert result.articles.height == 1
    assert set(result.rejects["reason"]) == {"empty", "binary"}
    with pytest.raises(InputError, match="--strict: 2 input"):
        build_fact_sheet([tmp_path], strict=True)


def test_nothing_usable_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no article found|no usable article"):
        build_fact_sheet([tmp_path])


def test_no_package_is_an_error_that_names_the_install_command(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Der Fluss ist gestern über die Ufer getreten.\n", encoding="utf-8")
    config = load_config(read={"language": "cs"})
    with pytest.raises(PackageError, match="faktenblatt models install cs"):
        build_fact_sheet([article], config)


def test_a_corrupt_package_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.argosmodel"
    broken.write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(FaktenblattError, match=r"broken\.argosmodel") as caught:
        build_fact_sheet([SEEDS], load_config(translation={"package": broken}))
    assert "\n" not in str(caught.value)


def test_an_output_folder_that_cannot_be_written_fails_before_the_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="can't write"):
        run_to_folder([SEEDS], blocked / "out")


def test_several_stories_get_a_folder_each_and_an_index(tmp_path: Path) -> None:
    write_english(
        tmp_path,
        "uferblatt",
        "Village cleans up after the flood\n\n"
        "The Rottach river rose by two metres on Saturday night. Volunteers pumped out forty "
        "cellars. The primary school stays closed until Wednesday.\n",
    )
    write_english(
        tmp_path,
        "anstoss",
        "Goalkeeper extends his contract\n\n"
        "The football club has extended the contract of its goalkeeper by three years. He has "
        "played 120 league matches. A fee was not disclosed.\n",
    )
    result = build_fact_sheet([tmp_path])
    assert len(result.story_ids) == 2
    names = set(render_files(result))
    assert {"index.html", "index.md"} <= names
    assert {name.split("/")[1] for name in names if "/" in name} == STORY_FILES


@pytest.mark.parametrize("is_known", [True, False], ids=["in the termbase", "unknown"])
def test_names_of_the_termbase_are_one_in_matching(tmp_path: Path, is_known: bool) -> None:
    """Two names of one town: one fact where the termbase says so, else two towns."""
    story = "{town} has a new bridge.\n\nThe mayor of {town} opened the new bridge on Monday.\n"
    for outlet, town in (("north", "Aldgrund"), ("south", "Vellmere")):
        text = f"---\noutlet: {outlet}\ndate: 2024-05-06\nlanguage: en\n---\n"
        (tmp_path / f"{outlet}.txt").write_text(text + story.format(town=town), "utf-8")
    if is_known:
        (tmp_path / "terms.csv").write_text("source,target,note\nAldgrund,Vellmere,town\n", "utf-8")
    opened = repeated_with(build_fact_sheet([tmp_path]), "mayor", "opened")
    assert len(opened) == is_known


def test_build_fact_sheet_reads_a_few_sentences_as_lone_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reader:
        digest = "2" * 64
        heads = ("event", "paraphrase", "strict", "similarity")
        asked = 0

        def read_pairs(
            self, lefts: list[str], rights: list[str], *, both_orders: bool = True
        ) -> NDArray[np.float64]:
            assert len(lefts) == len(rights)
            assert both_orders or not lefts
            self.asked += len(lefts)
            return np.zeros((len(lefts), len(self.heads)))

    reader = Reader()
    monkeypatch.setattr("pipeline.pairs.model.load_same_fact_model", lambda: reader)
    for name, text in (
        ("one", "The ferry to Larvik was cancelled on Monday."),
        ("two", "On Monday the ferry to Larvik has been called off."),
    ):
        head = f"---\noutlet: {name}\nlanguage: en\n---\n"
        (tmp_path / f"{name}.txt").write_text(head + text + "\n", encoding="utf-8")
    build_fact_sheet([tmp_path])
    assert reader.asked > 0
