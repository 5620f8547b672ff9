"""Our stream beside argostranslate sentence by sentence and bare CTranslate2 on the sorted whole.

The same package, the same cores, one run. Each system works in a process of its own, in turn, a
few rounds (FAKTENBLATT_BENCH_ROUNDS); loading is not counted, tokenising and detokenising are.
argostranslate would download a sentence splitter at its first call: here it gets one that returns
its text as one sentence, and it translates an evenly spaced sample, because it is the slow one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARALLEL = ROOT.parent / "shared" / "data" / "parallel" / "wmt08-18_systems.tsv.zst"
SENTENCES = 2048
ARGOS_SENTENCES = 128
ROUNDS = int(os.environ.get("FAKTENBLATT_BENCH_ROUNDS", "3"))
SYSTEMS = ("ours", "bare", "argos")


def report(rounds: int = ROUNDS, package: Path | None = None) -> str:
    """The table, or one line that says why there is none."""
    if not PARALLEL.is_file():
        return f"translation: skipped, no news sentences at {PARALLEL}"
    with tempfile.TemporaryDirectory() as scratch:
        sentences = Path(scratch) / "sentences.txt"
        lines = read_news()
        sentences.write_text("\n".join(lines[:SENTENCES]), encoding="utf-8")
        found = package or find_bundled(Path(scratch))
        trained = found is not None
        if found is None:
            from tests.bench.shape import build_shape

            found = build_shape(Path(scratch) / "translate-de_en-0_0", lines)
        runs: dict[str, list[dict[str, Any]]] = {system: [] for system in SYSTEMS}
        for _ in range(rounds):
            for system in SYSTEMS:
                runs[system].append(run_worker(system, found, sentences, trained=trained))
    return format_table(runs, trained=trained)


def read_news(count: int = 30_000) -> list[str]:
    """Distinct German news sentences."""
    command = ["zstd", "-dc", "--long=27", str(PARALLEL)]
    lines: dict[str, None] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout or ():
            lines[line.partition("\t")[0]] = None
            if len(lines) == count:
                process.kill()
                break
    return list(lines)


def find_bundled(scratch: Path) -> Path | None:
    """The bundled German package unpacked, None while there is none."""
    from pipeline.translation.archive import unpack_archive

    archives = sorted((ROOT / "models").glob("translate-de_en*.argosmodel"))
    return unpack_archive(archives[0], scratch / "bundled") if archives else None


def run_worker(system: str, package: Path, sentences: Path, *, trained: bool) -> dict[str, Any]:
    """What the worker process measured."""
    command = [sys.executable, "-m", "tests.bench.translation", system, str(package)]
    command += [str(sentences), *(["--trained"] if trained else [])]
    with tempfile.TemporaryDirectory() as home:
        names = ("FAKTENBLATT_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
        environment = {**os.environ, **{name: f"{home}/{name}" for name in names}}
        environment["ARGOS_PACKAGES_DIR"] = str(package.parent)
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{system}: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def format_table(runs: dict[str, list[dict[str, Any]]], *, trained: bool) -> str:
    """Medians, and ratios of the runs of one round."""
    ours = runs["ours"]
    lines = [
        f"translation: {SENTENCES} news sentences ({ARGOS_SENTENCES} for argostranslate), "
        f"{ours[0]['cores']} cores, {len(ours)} rounds, medians; "
        + (
            "bundled package"
            if trained
            else "untrained package of the bundled shape, retries off: every line of it is doubtful"
        ),
        (
            f"{'':34}{'sentences/s':>12}{'a core-s':>9}{'tokens/s':>9}{'peak MB':>8}"
            f"{'ours is':>9}{'by core-s':>11}"
        ),
    ]
    labels = {
        "ours": "Faktenblatt (guards, cache)",
        "bare": "bare CTranslate2, sorted whole",
        "argos": "argostranslate, by sentence",
    }
    for system, label in labels.items():
        rows = runs[system]
        lines.append(
            f"{label:34}{_median(rows, 'sentences_per_second'):>12.1f}"
            f"{_median(rows, 'sentences_per_core_second'):>9.1f}"
            f"{_median(rows, 'tokens_per_second'):>9.0f}{_median(rows, 'peak_mb'):>8.0f}"
            f"{_ratio(ours, rows, 'sentences_per_second'):>8.2f}x"
            f"{_ratio(ours, rows, 'sentences_per_core_second'):>10.2f}x"
        )
    return "\n".join(lines)


def _ratio(ours: list[dict[str, Any]], theirs: list[dict[str, Any]], key: str) -> float:
    """The median over the rounds; by core-seconds a busy machine counts less."""
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(float(mine[key]) / float(row[key]) for mine, row in pairs)


def _median(rows: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(row[key]) for row in rows)


def work(system: str, package: Path, texts: list[str], *, trained: bool) -> dict[str, Any]:
    """One system's measurement in this process."""
    from pipeline.translation.batching import count_cores

    run = {"ours": run_ours, "bare": run_bare, "argos": run_argos}[system]
    before = _cpu_seconds()
    seconds, outputs, done = run(package, texts, trained)
    cpu_seconds = _cpu_seconds() - before
    tokens = sum(len(row) for row in _tokenise(package, outputs))
    return {
        "sentences_per_second": done / seconds,
        "tokens_per_second": tokens / seconds,
        "sentences_per_core_second": done / cpu_seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cores": count_cores(),
    }


def _cpu_seconds() -> float:
    """Processor time of this process so far; loading the model is in it for every system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run_ours(package: Path, texts: list[str], trained: bool) -> tuple[float, list[str], int]:
    """The stream with guards and a cache on disk."""
    from pipeline.translation import open_cache, read_package
    from pipeline.translation.stream import PackageStream, StreamOptions

    home = Path(os.environ["FAKTENBLATT_HOME"])
    with open_cache(home) as cache:
        options = StreamOptions(retry=trained)
        stream = PackageStream(read_package(package), options, cache)
        stream.engine.threads = stream.choose_threads(1000)
        stream.engine.load()
        started = time.perf_counter()
        found = stream.translate(texts)
        seconds = time.perf_counter() - started
    return seconds, [row.text for row in found.values()], len(texts)


def run_bare(package: Path, texts: list[str], _: bool) -> tuple[float, list[str], int]:
    """One call of translate_batch over everything, sorted by length."""
    import ctranslate2
    import sentencepiece

    from pipeline.translation.batching import count_cores

    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(package / "sentencepiece.model")
    )
    translator = ctranslate2.Translator(
        str(package / "model"), compute_type="int8", inter_threads=count_cores(), intra_threads=1
    )
    started = time.perf_counter()
    tokens = sorted(processor.encode(texts, out_type=str), key=len, reverse=True)
    results = translator.translate_batch(
        tokens,
        max_batch_size=1024,
        batch_type="tokens",
        beam_size=4,
        length_penalty=0.2,
        replace_unknowns=True,
        return_scores=True,
    )
    outputs = [processor.decode_pieces(result.hypotheses[0]) for result in results]
    return time.perf_counter() - started, outputs, len(texts)


def run_argos(_: Path, texts: list[str], __: bool) -> tuple[float, list[str], int]:
    """argostranslate's own API, one sentence a call."""
    from argostranslate import translate

    class WholeText:
        """A splitter that needs no download."""

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    translation = translate.get_translation_from_codes("de", "en")
    inner = translation.underlying
    inner.sentencizer = WholeText()
    sample = texts[:: max(1, len(texts) // ARGOS_SENTENCES)][:ARGOS_SENTENCES]
    translation.translate("Guten Tag.")
    started = time.perf_counter()
    outputs = [translation.translate(text) for text in sample]
    return time.perf_counter() - started, outputs, len(sample)


def _tokenise(package: Path, texts: list[str]) -> list[list[str]]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(package / "sentencepiece.model")
    )
    pieces: list[list[str]] = processor.encode(texts, out_type=str)
    return pieces


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("package", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--trained", action="store_true")
    arguments = parser.parse_args()
    print(
        json.dumps(
            work(
                arguments.system,
                arguments.package,
                arguments.sentences.read_text(encoding="utf-8").split("\n"),
                trained=arguments.trained,
            )
        )
    )
