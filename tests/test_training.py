"""The recipe of the bundled package, from toy text to a package that Argos Translate loads."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.training import batches, evaluate, packing, selection
from models.training.__main__ import main
from models.training.batches import Batch, BatchConfig, Place, Ragged, Rounds
from models.training.filters import FAULTS, find_fault
from models.training.noise import make_noisy, shout, spell_out
from models.training.normalise import normalise_english, normalise_text
from models.training.parts import DOMAINS, Part, find_file, read_pairs, read_table
from models.training.schedule import TrainConfig, compute_progress, compute_rate
from models.training.selection import Pair
from models.training.templates import make_pairs
from models.training.vocabulary import BEGIN, END, PAD, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).parent / "data" / "training"
SMALL = BatchConfig(batch_tokens=1024, round_batches=8, lengths=(32, 48, 64, 128))
TINY = {"width": 64, "inner": 128, "heads": 4, "encoder_layers": 1, "decoder_layers": 1}
STEPS = 200


def read_faults() -> list[tuple[str, str, str]]:
    """Rows of the table of faults."""
    lines = (DATA / "faults.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(fault, german, english) for fault, german, english in rows]


@pytest.mark.parametrize(("fault", "german", "english"), read_faults())
def test_find_fault_names_the_first_fault(fault: str, german: str, english: str) -> None:
    german, english = normalise_text(german), normalise_text(english)
    assert (find_fault(german, english) or "-") == fault


def test_find_fault_has_a_case_for_every_fault() -> None:
    assert {row[0] for row in read_faults()} >= set(FAULTS) - {"length"}
    assert find_fault("wort " * 91, "word " * 91) == "length"


def test_find_fault_asks_documentation_for_sentences() -> None:
    assert find_fault("Löschen der Datenbank", "Dropping the database") is None
    assert find_fault("Löschen der Datenbank", "Dropping the database", prose=True) == "fragment"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("„Ja“, sagte er – »nein«.", '"Ja", sagte er – "nein".'),
        ("Das ist‘s\u00a0…\u200b", "Das ist's ..."),
        ("\x93Er\x94 zahlt\x85 5 \x80", '"Er" zahlt... 5 €'),
        ("&quot;Zu teuer&quot;", '"Zu teuer"'),
        ("Mu\u0308nchen  ", "München"),
        ("eins -- zwei — drei", "eins – zwei – drei"),
    ],
)
def test_normalise_text_leaves_one_spelling(given: str, wanted: str) -> None:
    assert normalise_text(given) == wanted


def test_normalise_english_drops_the_german_day_point() -> None:
    assert normalise_english("No. 284, 8. December 1951") == "No. 284, 8 December 1951"


def test_parts_are_named_once_and_known() -> None:
    parts = read_table()
    assert len({part.name for part in parts}) == len(parts)
    assert all(part.reason for part in parts if part.decision == "drop")
    with pytest.raises(ValueError, match="needs its reason"):
        Part(name="x", domain="news", licence="none", decision="drop")
    with pytest.raises(ValueError, match="unknown domain 'sport'"):
        Part(name="x", domain="sport", licence="none", decision="use")


def test_read_pairs_reads_compressed_and_plain(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    text = "eins\tone\nkaputt\nzwei\ttwo\n"
    (tmp_path / "a.tsv").write_text(text, encoding="utf-8")
    (tmp_path / "b.tsv.zst").write_bytes(zstandard.compress(text.encode()))
    for name in ("a", "b"):
        path = find_file(tmp_path, name)
        assert path is not None
        assert list(read_pairs(path)) == [("eins", "one"), ("zwei", "two")]


def make_lines(*lines: tuple[str, str], part: int = 0) -> list[Pair]:
    """Pairs of one part."""
    return [Pair(german, english, part) for german, english in lines]


def test_drop_repeats_ignores_case_and_marks() -> None:
    lost: Counter[str] = Counter()
    pairs = make_lines(("Ein Haus.", "A house."), ("ein Haus", "A HOUSE!"), ("Ein Haus.", "One."))
    assert selection.drop_repeats(pairs, lost) == [pairs[0], pairs[2]]
    assert lost == {"repeat": 1}


def test_limit_skeletons_keeps_few_drills_and_all_translations() -> None:
    lost: Counter[str] = Counter()
    drills = [(f"Der Löwe aß den {thing} auf.", "x") for thing in ("Keks", "Apfel", "Fisch")]
    pairs = make_lines(*drills, (drills[0][0], "y"), ("Ganz anders ist dieser Satz hier.", "z"))
    kept = selection.limit_skeletons(pairs, [2], lost)
    assert [pair.english for pair in kept] == ["x", "x", "y", "z"]
    assert lost == {"skeleton": 1}
    assert selection.limit_skeletons(pairs, [0], lost) == pairs


def test_limit_fan_out_keeps_what_systems_agree_on() -> None:
    lost: Counter[str] = Counter()
    outputs = ("the cat sat there", "the cat sat here", "a tomcat was seated", "the cat sat down")
    pairs = make_lines(*(("Die Katze saß da", output) for output in outputs))
    kept = selection.limit_fan_out(pairs, [3], lost)
    assert {pair.english for pair in kept} == set(outputs) - {"a tomcat was seated"}
    assert lost == {"fan out": 1}


def test_drop_held_out_finds_copies_and_long_runs() -> None:
    lost: Counter[str] = Counter()
    held = ["Am Dienstag sprach der Minister in Wien lange über die Reform."]
    pairs = make_lines(
        ("AM DIENSTAG sprach der Minister in Wien lange über die Reform!", "copy"),
        ("Nun gut: am Dienstag sprach der Minister in Wien lange über Fische.", "run of nine"),
        ("Am Dienstag sprach der Minister in Wien über Fische.", "seven words only"),
    )
    assert [p.english for p in selection.drop_held_out(pairs, held, lost)] == ["seven words only"]
    assert lost == {"held out": 1, "held out overlap": 1}


def test_hold_back_leaves_no_side_of_a_held_back_pair() -> None:
    lost: Counter[str] = Counter()
    pairs = make_lines(*((f"Satz Nummer {n} ist hier", f"Line {n // 2}") for n in range(40)))
    rest, held = selection.hold_back(pairs, ["news"], 5, lost)
    assert len(held) == 5
    assert not {p.german for p in rest} & {p.german for p in held}
    assert not {p.english for p in rest} & {p.english for p in held}
    again, _ = selection.hold_back(pairs[::-1], ["news"], 5, Counter())
    assert set(again) == set(rest)


def test_make_pairs_fill_both_sides_alike() -> None:
    pairs = make_pairs(3000, seed=1)
    assert pairs == make_pairs(3000, seed=1)
    assert pairs != make_pairs(3000, seed=2)
    for german, english in pairs:
        assert not re.search(r"[{}]|\.\.", german + english)
        figures = [
            re.sub(r"\D", "", hit) for hit in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{3})+\b", german)
        ]
        assert all(figure in re.sub(r"[,.]", "", english) for figure in figures if figure)
    assert any(re.search(r"\d,\d+ Milliarden", german) for german, _ in pairs)
    fit = sum(find_fault(german, english) is None for german, english in pairs)
    assert fit > 0.95 * len(pairs)


def test_make_noisy_changes_the_german_side_only() -> None:
    assert spell_out("Übergröße") == "Uebergroesse"
    assert shout("Größe") == "GRÖSSE"
    pairs = [(f"Die Größe {n} überzeugt", f"size {n}") for n in range(50)]
    noisy = make_noisy(pairs, 20, seed=3)
    originals = {english: german for german, english in pairs}
    assert len(noisy) == 20
    assert all(german != originals[english] for german, english in noisy)
    assert make_noisy([("ABC", "x")], 5, seed=1) == []


def make_corpus(count: int, seed: int, first: int = 10) -> packing.Corpus:
    """Lines of random ids, each beginning with an id of its own."""
    chance = np.random.default_rng(seed)
    lengths = [chance.integers(3, 40, count) for _ in range(2)]
    sides = [chance.integers(10, 500, total.sum()).astype(np.uint16) for total in lengths]
    for side, length in zip(sides, lengths, strict=True):
        side[np.cumsum(length) - length] = np.arange(first, first + count)
    return packing.Corpus(sides[0], lengths[0], sides[1], lengths[1])


def make_pieces(size: int = 60_000) -> batches.Pieces:
    """Pieces of which none can be split and none is a point."""
    none = np.zeros(0, dtype=np.int64)
    return batches.Pieces(
        none, np.zeros((size, 1, 2), dtype=np.int64), np.zeros(size, dtype=np.int64)
    )


def list_lines(cut: Sequence[Batch]) -> list[tuple[int, ...]]:
    """Source lines of batches, without marks and padding, empty rows left out."""
    lines = [tuple(row[(row != PAD) & (row != END)].tolist()) for b in cut for row in b.source]
    return [line for line in lines if line]


def test_cut_batches_holds_every_pair_once_in_fixed_shapes() -> None:
    corpus = make_corpus(500, seed=4)
    source = Ragged(corpus.source.astype(np.int64), corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64), corpus.target_lengths)
    cut = Rounds({"news": corpus}, make_pieces(), SMALL).cut_batches(source, target)
    assert {batch.source.shape for batch in cut} <= {(16, 32), (10, 48), (8, 64), (4, 128)}
    lines = list_lines(cut)
    wanted = np.split(source.ids, np.cumsum(source.lengths)[:-1])
    assert Counter(lines) == Counter(tuple(line.tolist()) for line in wanted)
    for batch in cut:
        real = batch.wanted != PAD
        assert (batch.target[:, 0] == BEGIN).all()
        # What is wanted at a place is what is given at the next.
        assert (batch.wanted[:, :-1] * (batch.target[:, 1:] != PAD)).sum() == batch.target[:, 1:][
            batch.target[:, 1:] != PAD
        ].sum()
        assert ((batch.wanted == END).sum(axis=1) == real.any(axis=1)).all()
    assert sum(b.real_tokens for b in cut) == corpus.token_count + 2 * corpus.pair_count


def test_build_round_depends_on_its_place_only() -> None:
    corpora = {"news": make_corpus(300, 5), "docs": make_corpus(300, 6, first=5000)}
    rounds = Rounds(corpora, make_pieces(), SMALL)
    first, cursors = rounds.build_round(Place())
    again, _ = Rounds(corpora, make_pieces(), SMALL).build_round(Place())
    assert all((a.source == b.source).all() for a, b in zip(first, again, strict=True))
    following, _ = rounds.build_round(Place(number=1, cursors=cursors))
    assert list_lines(following) != list_lines(first)


def test_build_round_leaves_documentation_out_late() -> None:
    corpora = {"news": make_corpus(300, 5), "docs": make_corpus(300, 6, first=5000)}
    config = dataclasses.replace(SMALL, join_rate=0.0)

    def measure_docs(progress: float) -> float:
        built, _ = Rounds(corpora, make_pieces(), config).build_round(Place(progress=progress))
        lines = list_lines(built)
        return sum(line[0] >= 5000 for line in lines) / len(lines)

    assert measure_docs(0.0) == pytest.approx(0.23 / 0.56, abs=0.05)
    assert measure_docs(0.9) == pytest.approx(0.05 / 0.55, abs=0.05)


def test_shares_name_every_domain_and_add_up() -> None:
    for shares in (batches.EARLY, batches.LATE):
        assert set(shares) == set(DOMAINS)
        assert sum(shares.values()) == pytest.approx(1.0)


def test_draw_rows_goes_through_all_pairs_before_any_comes_again() -> None:
    rows = batches.draw_rows(10, 0, 30, (1, 2))
    assert [sorted(rows[at : at + 10].tolist()) for at in (0, 10, 20)] == [list(range(10))] * 3
    assert rows[:10].tolist() != rows[10:20].tolist()
    assert batches.draw_rows(10, 7, 5, (1, 2)).tolist() == rows[7:12].tolist()


def test_join_lines_keeps_every_id_in_order() -> None:
    corpus = make_corpus(200, seed=8)
    config = dataclasses.replace(SMALL, join_rate=0.5)
    rounds = Rounds({"news": corpus}, make_pieces(), config)
    source = Ragged(corpus.source.astype(np.int64), corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64), corpus.target_lengths)
    joined, others = rounds._join_lines(source, target, np.random.default_rng(1))
    assert (joined.ids == source.ids).all()
    assert 110 < len(joined.lengths) < 180
    assert len(joined.lengths) == len(others.lengths)
    assert max(joined.lengths.max(), others.lengths.max()) <= config.join_max_tokens


@pytest.mark.parametrize(
    ("step", "progress", "share"), [(0, 0.0, 0.1), (9, 0.0, 1.0), (99, 0.5, 0.51), (99, 1.0, 0.02)]
)
def test_compute_rate_warms_up_and_falls(step: int, progress: float, share: float) -> None:
    config = TrainConfig(steps=100, warmup_steps=10, peak_rate=1e-3)
    assert compute_rate(step, progress, config) == pytest.approx(share * 1e-3)


def test_train_config_wants_one_end() -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        TrainConfig(minutes=1.0, steps=5)
    assert compute_progress(0, 30.0, TrainConfig(minutes=1.0)) == 0.5


def test_compute_loss_in_bfloat16_stays_close_and_trains() -> None:
    import torch

    from models.training.network import Network, Shape, create_weights

    shape = Shape(vocabulary=300, width=64, inner=128, heads=4, encoder_layers=2, decoder_layers=2)
    weights = {name: w.requires_grad_() for name, w in create_weights(shape, seed=1).items()}
    corpus = make_corpus(40, seed=3)
    source = Ragged(corpus.source.astype(np.int64) % 300, corpus.source_lengths)
    target = Ragged(corpus.target.astype(np.int64) % 300, corpus.target_lengths)
    batch = Rounds({"news": corpus}, make_pieces(), SMALL).cut_batches(source, target)[0]
    grids = [torch.from_numpy(g).long() for g in (batch.source, batch.target, batch.wanted)]
    network = Network(shape)
    exact, plain = network.compute_loss(weights, *grids)
    assert exact == plain, "without smoothing the loss is the likelihood"
    with torch.autocast("cpu", dtype=torch.bfloat16):
        close, _ = network.compute_loss(weights, *grids, dropout=0.1, smoothing=0.1)
    assert float(close.detach()) == pytest.approx(float(exact.detach()), rel=0.05)
    close.backward()
    for name, values in weights.items():
        assert values.grad is not None, name
        assert bool(values.grad.isfinite().all()), name
        assert name.endswith(".bias") or float(values.grad.abs().sum()) > 0, name


# From here on: one toy model, trained once.


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with parallel text, selected text and packed ids of a toy language."""
    folder = tmp_path_factory.mktemp("recipe")
    raw = folder / "raw"
    raw.mkdir()
    news = [pair for pair in make_pairs(4000, seed=1) if len(pair[0]) < 60][:300]
    write_pairs(raw / "wmt24.tsv", [*news, news[0], ("Nur <i>eine</i> Zeile.", "One <i>line</i>.")])
    write_pairs(raw / "stsb.tsv", [("Das ist verboten.", "This is forbidden.")])
    held_out = folder / "held-out.txt"
    held_out.write_text(f"{news[7][0]}\n", encoding="utf-8")
    options = ["--made-pairs=40", "--noisy-pairs=20", "--held-back-pairs=12"]
    text = folder / "text"
    main(["select", str(raw), "--out", str(text), "--held-out", str(held_out), *options])
    main(["pack", str(text), "--out", str(folder / "packed"), "--vocabulary=700", "--part-mib=1"])
    return folder


def write_pairs(path: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Lines `german TAB english`."""
    path.write_text("".join(f"{de}\t{en}\n" for de, en in pairs), encoding="utf-8")


def train_toy(toy: Path, out: Path, **options: Any) -> Any:
    """A call of training of the toy model."""
    import torch

    from models.training.network import Shape
    from models.training.train import train

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    config = TrainConfig(
        batches=SMALL,
        warmup_steps=30,
        peak_rate=1e-2,
        average_decay=0.9,
        log_every=20,
        probe_lines=8,
        **options,
    )
    size = packing.read_manifest(toy / "packed")["vocabulary_size"]
    state = train(toy / "packed", out, config, Shape(vocabulary=size, **TINY))
    torch.set_num_threads(threads)
    return state


@pytest.fixture(scope="session")
def trained(toy: Path) -> Path:
    """A finished training run of the toy model."""
    train_toy(toy, toy / "run", steps=STEPS, dropout=0.0)
    return toy / "run"


@pytest.fixture(scope="session")
def package(toy: Path, trained: Path) -> Path:
    """The toy model as an `.argosmodel`, through the command line."""
    out = toy / "translate-de_en.argosmodel"
    (toy / "card.md").write_text("A toy.\n", encoding="utf-8")
    model = toy / "packed" / "sentencepiece.model"
    weights = ["weights", str(trained), "--data", str(toy / "packed"), "--out", str(toy / "w")]
    main([*weights, "--form=float32"])
    export = ["export", str(toy / "w"), "--model", str(model), "--out", str(out)]
    main([*export, "--readme", str(toy / "card.md"), "--version=0.1"])
    return out


def read_log(run: Path, event: str) -> list[dict[str, Any]]:
    """Log lines of one kind."""
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry for line in lines if (entry := json.loads(line))["event"] == event]


def test_select_reports_what_went_and_why(toy: Path) -> None:
    report = json.loads((toy / "text" / "report.json").read_text(encoding="utf-8"))
    assert report["parts"]["wmt24"]["faults"]["markup"] == 1
    assert "DeepL" in report["parts"]["stsb"]["reason"]
    assert report["parts"]["tatoeba"]["reason"] == "file not found"
    assert report["lost"]["choose"]["repeat"] >= 1
    assert report["lost"]["choose"]["held out"] >= 1
    text = (toy / "text" / "news.tsv").read_text(encoding="utf-8")
    assert "<i>" not in text
    assert (toy / "held-out.txt").read_text(encoding="utf-8").strip() not in text


def test_pack_gives_back_the_text(toy: Path) -> None:
    corpora, manifest = packing.load_packed(toy / "packed")
    processor = load_vocabulary(toy / "packed" / "sentencepiece.model")
    pairs = sorted(read_pairs(toy / "text" / "news.tsv"))
    news = corpora["news"]
    assert news.pair_count + sum(manifest["lost"]["news"].values()) == len(pairs)
    rows = range(news.pair_count)
    texts = dict(pairs)
    german = packing.decode_lines(news, processor, "source", rows)
    english = packing.decode_lines(news, processor, "target", rows)
    assert all(texts[de] == en for de, en in zip(german, english, strict=True))


def test_pack_again_gives_the_same_digests(toy: Path, tmp_path: Path) -> None:
    again = packing.pack_text(toy / "text", tmp_path, vocabulary_size=700, part_mib=1)
    assert again == packing.read_manifest(toy / "packed")


def test_vocabulary_normalises_what_the_engine_will_send(toy: Path) -> None:
    processor = load_vocabulary(toy / "packed" / "sentencepiece.model")
    assert processor.encode("„Rom“ – 3.000") == processor.encode('"Rom" —\u00a03.000')
    assert processor.encode("3.000", out_type=str)[-3:] == ["0", "0", "0"]
    assert processor.decode(processor.encode("漢")) == "漢"
    first_byte = processor.piece_to_id("<0x00>")
    assert not any(first_byte <= p < first_byte + 256 for p in processor.encode("Łódź 5 € Čapek"))


def test_split_pieces_spell_the_same_text(toy: Path) -> None:
    corpora, _ = packing.load_packed(toy / "packed")
    processor = load_vocabulary(toy / "packed" / "sentencepiece.model")
    config = dataclasses.replace(SMALL, split_rate=1.0)
    rounds = Rounds(corpora, batches.read_pieces(processor), config)
    news = corpora["news"]
    whole = Ragged(news.source.astype(np.int64), news.source_lengths)
    split = rounds._split_pieces(whole, np.random.default_rng(1))
    assert len(split.ids) > 1.2 * len(whole.ids)
    for row in range(20):
        texts = [
            processor.decode(side.ids[side.starts[row] :][: side.lengths[row]].tolist())
            for side in (whole, split)
        ]
        assert texts[0] == texts[1]


def test_load_packed_refuses_damage(toy: Path, tmp_path: Path) -> None:
    copy = tmp_path / "packed"
    shutil.copytree(toy / "packed", copy)
    part = copy / "packed.00.part"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="is damaged: send it again"):
        packing.load_packed(copy)
    part.unlink()
    with pytest.raises(ValueError, match="is missing: send every part"):
        packing.load_packed(copy)


def test_train_lowers_the_loss(trained: Path) -> None:
    steps = read_log(trained, "step")
    assert steps[-1]["nll"] < 0.5 * steps[0]["nll"]
    last = read_log(trained, "validation")[-1]
    assert last["news"] < 0.6 * steps[0]["nll"]
    assert last["bleu"] > 1.0
    assert read_log(trained, "stop")[-1]["step"] == STEPS


def test_train_resumed_twice_is_the_uninterrupted_run(toy: Path, tmp_path: Path) -> None:
    import torch

    whole = train_toy(toy, tmp_path / "whole", steps=24)
    train_toy(toy, tmp_path / "cut", steps=24, call_steps=7)
    train_toy(toy, tmp_path / "cut", steps=24, call_steps=9)
    cut = train_toy(toy, tmp_path / "cut", steps=24)
    assert cut.place == whole.place
    assert cut.tokens == whole.tokens
    for name, values in whole.weights.items():
        assert torch.equal(values, cut.weights[name]), name
        assert torch.equal(whole.average[name], cut.average[name]), name


def test_train_refuses_a_checkpoint_of_other_ids(trained: Path, tmp_path: Path) -> None:
    write_pairs(tmp_path / "news.tsv", make_pairs(60, seed=5))
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")
    packing.pack_text(tmp_path, tmp_path / "packed", vocabulary_size=700)
    shutil.copytree(trained, tmp_path / "run")
    with pytest.raises(ValueError, match="trained on other ids"):
        train_toy(tmp_path, tmp_path / "run", steps=STEPS)


def test_train_leaves_weights_behind_after_a_call(toy: Path, tmp_path: Path) -> None:
    from models.training.weights import digest_weights, read_weights

    sizes = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.items()]
    command = ["train", str(toy / "packed"), "--out", str(tmp_path / "run"), "--steps=2"]
    main([*command, *sizes, "--batch-tokens=1024", "--weights", str(tmp_path / "w")])
    assert (tmp_path / "w" / "log.jsonl").read_text(encoding="utf-8").count("\n") == 4
    weights, facts = read_weights(tmp_path / "w")
    assert facts["form"] == "int8"
    assert facts["training"]["step"] == 2
    assert digest_weights(weights) != facts["weights"], "int8 is not what was trained"


def test_train_stops_at_the_call_s_time(toy: Path, tmp_path: Path) -> None:
    state = train_toy(toy, tmp_path, minutes=5.0, call_seconds=0.3)
    assert 0 < state.step < 60
    assert 0 < state.seconds < 10


def open_ids(toy: Path) -> tuple[Any, list[str]]:
    """The vocabulary and German lines the model has and has not seen."""
    lines = [
        german
        for name in ("valid.news", "valid.made", "news")
        for german, _ in read_pairs(toy / "text" / f"{name}.tsv")
    ]
    return load_vocabulary(toy / "packed" / "sentencepiece.model"), lines[:40]


def translate_with_torch(toy: Path, trained: Path, form: str, out: Path) -> list[str]:
    """Greedy translations by the recipe's own network, with weights written in the given form."""
    import torch

    from models.training.network import Network, Shape
    from models.training.state import collect_weights
    from models.training.weights import read_weights, write_weights

    write_weights(*collect_weights(trained, toy / "packed"), out, form=form)
    weights, facts = read_weights(out)
    processor, lines = open_ids(toy)
    ids = [[*line, END] for line in processor.encode(lines)]
    longest = max(map(len, ids))
    source = torch.tensor([line + [PAD] * (longest - len(line)) for line in ids])
    outputs = Network(Shape(**facts["shape"])).translate(weights, source, max_length=64)
    return [processor.decode(output) for output in outputs]


def test_export_translates_as_torch_does(toy: Path, trained: Path, tmp_path: Path) -> None:
    import ctranslate2

    from models.training.export import convert_weights
    from models.training.network import Shape
    from models.training.state import collect_weights

    weights, facts = collect_weights(trained, toy / "packed")
    model = toy / "packed" / "sentencepiece.model"
    out = tmp_path / "model"
    convert_weights(weights, Shape(**facts["shape"]), model, out, quantization=None)
    wanted = translate_with_torch(toy, trained, "float32", tmp_path / "w")
    processor, lines = open_ids(toy)
    translator = ctranslate2.Translator(str(out), intra_threads=1)
    results = translator.translate_batch(
        processor.encode(lines, out_type=str), beam_size=1, max_decoding_length=64
    )
    assert [processor.decode(result.hypotheses[0]) for result in results] == wanted
    assert len({output[:20] for output in wanted}) > 10, (
        "a model that says one thing proves nothing"
    )


def test_export_gives_the_same_bytes_from_int8_weights(
    toy: Path, trained: Path, package: Path, tmp_path: Path
) -> None:
    import zipfile

    out = tmp_path / "again.argosmodel"
    weights = ["weights", str(trained), "--data", str(toy / "packed"), "--out", str(tmp_path)]
    main([*weights, "--form=int8", "--part-mib=1"])
    model = toy / "packed" / "sentencepiece.model"
    export = ["export", str(tmp_path), "--model", str(model), "--out", str(out)]
    main([*export, "--readme", str(toy / "card.md"), "--version=0.1"])
    with zipfile.ZipFile(package) as one, zipfile.ZipFile(out) as other:
        assert one.namelist() == other.namelist()
        name = "translate-de_en/model/model.bin"
        assert one.read(name) == other.read(name)
    again = tmp_path / "third.argosmodel"
    export[export.index(str(out))] = str(again)
    main([*export, "--readme", str(toy / "card.md"), "--version=0.1"])
    assert again.read_bytes() == out.read_bytes()


def test_export_records_the_chain_of_digests(toy: Path, package: Path) -> None:
    from models.training.parts import digest_file

    chain = json.loads(package.with_suffix(".json").read_text(encoding="utf-8"))
    manifest = packing.read_manifest(toy / "packed")
    assert chain["text"] == manifest["text"]
    assert chain["text"]["news.tsv"] == digest_file(toy / "text" / "news.tsv")
    assert chain["data"] == {"wmt24": digest_file(toy / "raw" / "wmt24.tsv")}
    assert chain["ids"] == manifest["ids"]
    assert chain["weights"] == read_log(toy / "run", "stop")[-1]["average"]
    assert chain["package"] == digest_file(package)


@pytest.mark.usefixtures("package")
def test_export_refuses_another_vocabulary(toy: Path, tmp_path: Path) -> None:
    from models.training.export import export_package

    other = tmp_path / "sentencepiece.model"
    other.write_bytes(b"not the one")
    with pytest.raises(ValueError, match="is not the vocabulary"):
        export_package(toy / "w", other, tmp_path / "x.argosmodel", version="1", readme="")


class OneSentence:
    """Argos would fetch a sentence splitter from the network."""

    def split_sentences(self, text: str) -> list[str]:
        """The text itself."""
        return [text]


def translate_with_argos(
    package: Path, lines: list[str], folder: Path, compute_type: str, beam_size: int
) -> list[str]:
    """Each line through argostranslate, which installs the package into the folder."""
    import argostranslate.package
    import argostranslate.settings
    import argostranslate.translate
    import ctranslate2

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argostranslate.settings, "package_data_dir", folder)
        patch.setattr(argostranslate.settings, "beam_size", beam_size)
        argostranslate.package.install_from_path(package)
        (installed,) = argostranslate.package.get_installed_packages([folder])
        assert (installed.from_code, installed.to_code) == ("de", "en")
        translator = ctranslate2.Translator(
            str(installed.package_path / "model"), compute_type=compute_type, intra_threads=1
        )
        return [
            argostranslate.translate.apply_packaged_translation(
                installed, line, translator, OneSentence(), 1
            )[0].value
            for line in lines
        ]


def test_argostranslate_gives_what_torch_gives(
    toy: Path, trained: Path, package: Path, tmp_path: Path
) -> None:
    _, lines = open_ids(toy)
    outputs = translate_with_argos(package, lines, tmp_path / "argos", "float32", beam_size=1)
    wanted = translate_with_torch(toy, trained, "int8", tmp_path / "w")
    # So small a model does not always stop; both sides have a limit of their own then.
    assert [output[:50] for output in outputs] == [output[:50] for output in wanted]


def test_argostranslate_and_the_engine_agree(toy: Path, package: Path, tmp_path: Path) -> None:
    from pipeline.translation.engine import Decoding, Engine
    from pipeline.translation.package import read_package

    _, lines = open_ids(toy)
    folder = tmp_path / "argos"
    wanted = translate_with_argos(package, lines, folder, "int8", beam_size=4)
    engine = Engine(read_package(folder / "translate-de_en"))
    engine.threads = (1, 1)
    ours = engine.translate(lines, Decoding())
    ended = [row for row, hypothesis in enumerate(ours) if hypothesis.ended]
    assert len(ended) > 30
    assert [ours[row].text for row in ended] == [wanted[row] for row in ended]


def test_evaluate_prints_figures_with_their_signature(
    toy: Path, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = list(read_pairs(toy / "text" / "valid.news.tsv"))
    flores = [tmp_path / "dev.de", tmp_path / "dev.en"]
    for side, path in enumerate(flores):
        path.write_text("".join(f"{pair[side]}\n" for pair in pairs), encoding="utf-8")
    out = tmp_path / "figures.json"
    command = ["evaluate", str(package), "--flores", *map(str, flores), "--text"]
    main([*command, str(toy / "text"), "--json", str(out)])
    printed = capsys.readouterr().out
    assert "| flores dev | 12 |" in printed
    assert "nrefs:1|case:mixed" in printed
    result = json.loads(out.read_text(encoding="utf-8"))
    names = [row["name"] for row in result["sets"]]
    assert names == ["flores dev"] + [
        f"held back: {name}" for name in ("made", "news", "headlines", "capitals", "noisy")
    ]
    assert "Worst of flores dev by chrF:" in printed
    assert [row[0] for row in result["sets"][0]["worst"]] == sorted(
        row[0] for row in result["sets"][0]["worst"]
    )
    assert result["sets"][0]["bleu"] > 1.0


@pytest.mark.parametrize(
    ("source", "output", "loop"),
    [
        ("Streik in Berlin", "Strike in Berlin", False),
        ("Streik in Berlin", "Strike in Strike in Strike in Berlin", True),
        ("nein nein nein", "no no no", False),
        ("Streik", "word " * 3 + "other things that run on and on until nobody reads them", True),
    ],
)
def test_is_loop_sees_repeated_phrases(source: str, output: str, loop: bool) -> None:
    assert evaluate.is_loop(source, output) is loop


def test_score_lines_counts_figures_that_were_kept() -> None:
    sources = ["Etwa 3.000 Menschen am 10. November", "1,2 Milliarden um 18:30 Uhr", "12 von 99"]
    outputs = ["About 3,000 people on November 10", "1.2 billion at 6:30 p.m.", "12 of 100"]
    figures = evaluate.score_lines("x", sources, outputs, outputs)
    assert figures.figures_kept == pytest.approx(4 / 5)
    assert figures.bleu == pytest.approx(100.0)
    assert "version:" in figures.signatures["bleu"]
