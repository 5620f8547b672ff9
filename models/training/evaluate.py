"""Stage five: a package's figures, each with the signature that says how it was made."""

from __future__ import annotations

import json
import re
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.parts import digest_file, read_pairs
from models.training.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

WORST = 10
MAX_HEADLINE_WORDS = 12
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_REPEAT = re.compile(r"(\b\w+\b(?:\W+\w+){0,5}?)(?:\W+\1\b){2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on one set."""

    name: str
    lines: int
    bleu: float
    chrf: float
    figures_kept: float | None  # share of figures of two digits and more found in the output
    loops: int  # outputs that repeat a phrase three times in a row, or run on
    signatures: dict[str, str] = field(default_factory=dict)
    worst: list[tuple[float, str, str]] = field(default_factory=list)  # chrF, German, output


class PackageTranslator:
    """A package opened without Argos: SentencePiece, CTranslate2, SentencePiece back."""

    def __init__(self, package: Path, *, beam_size: int = 4, threads: int = 0) -> None:
        """Unpack and load; `threads` 0 leaves the number to CTranslate2."""
        import ctranslate2

        self.beam_size = beam_size
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(package) as archive:
                archive.extractall(folder)
            root = next(Path(folder).glob("*/metadata.json")).parent
            self._processor = load_vocabulary(root / "sentencepiece.model")
            self._translator = ctranslate2.Translator(
                str(root / "model"), device="cpu", intra_threads=threads
            )

    def translate(self, lines: Sequence[str]) -> list[str]:
        """One output a line, in order."""
        results = self._translator.translate_batch(
            self._processor.encode(list(lines), out_type=str),
            beam_size=self.beam_size,
            max_batch_size=2048,
            batch_type="tokens",
        )
        return [self._processor.decode(result.hypotheses[0]) for result in results]


def score_lines(
    name: str, sources: Sequence[str], outputs: Sequence[str], references: Sequence[str]
) -> Figures:
    """BLEU, chrF, figures kept and loops of one set."""
    import sacrebleu

    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    bleu_score = bleu.corpus_score(list(outputs), [list(references)])
    chrf_score = chrf.corpus_score(list(outputs), [list(references)])
    return Figures(
        name=name,
        lines=len(sources),
        bleu=bleu_score.score,
        chrf=chrf_score.score,
        figures_kept=_measure_figures(sources, outputs),
        loops=sum(map(is_loop, sources, outputs)),
        signatures={"bleu": str(bleu.get_signature()), "chrf": str(chrf.get_signature())},
        worst=_find_worst(sources, outputs, references),
    )


def _find_worst(
    sources: Sequence[str], outputs: Sequence[str], references: Sequence[str]
) -> list[tuple[float, str, str]]:
    """The ten outputs least like their reference, for the model card's reader."""
    import sacrebleu

    chrf = sacrebleu.CHRF()
    scored = [
        (round(chrf.sentence_score(output, [reference]).score, 1), source, output)
        for source, output, reference in zip(sources, outputs, references, strict=True)
    ]
    return sorted(scored)[:WORST]


def evaluate_package(
    package: Path, sets: dict[str, tuple[list[str], list[str]]], *, beam_size: int = 4
) -> dict[str, Any]:
    """Figures of every set, with the package's digest."""
    translator = PackageTranslator(package, beam_size=beam_size)
    rows = []
    for name, (sources, references) in sets.items():
        started = time.perf_counter()
        outputs = translator.translate(sources)
        seconds = time.perf_counter() - started
        figures = score_lines(name, sources, outputs, references)
        rows.append({**_to_dict(figures), "seconds": round(seconds, 2)})
    return {"package": digest_file(package), "beam_size": beam_size, "sets": rows}


def read_sets(
    flores: tuple[Path, Path] | None, text: Path | None
) -> dict[str, tuple[list[str], list[str]]]:
    """FLORES dev, and every held-back domain (`valid.DOMAIN.tsv`) in the folder `text`."""
    sets: dict[str, tuple[list[str], list[str]]] = {}
    if flores is not None:
        german, english = (path.read_text(encoding="utf-8").splitlines() for path in flores)
        sets["flores dev"] = (german, english)
    for path in sorted(text.glob("valid.*.tsv")) if text is not None else []:
        pairs = list(read_pairs(path))
        name = path.stem.removeprefix("valid.")
        sets[f"held back: {name}"] = ([de for de, _ in pairs], [en for _, en in pairs])
        if name == "news":
            sets.update(_make_headlines(pairs))
    return sets


def _make_headlines(pairs: list[tuple[str, str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Short news lines without their final point, and the same in capitals."""
    short = [
        (german.removesuffix("."), english.removesuffix("."))
        for german, english in pairs
        if german.count(" ") < MAX_HEADLINE_WORDS
    ]
    english = [line for _, line in short]
    return {
        "held back: headlines": ([german for german, _ in short], english),
        "held back: capitals": ([german.upper() for german, _ in short], english),
    }


def write_table(result: dict[str, Any]) -> str:
    """The figures as Markdown rows with the signature line below."""
    lines = [
        "| set | lines | BLEU | chrF | figures kept | loops |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in result["sets"]:
        kept = "-" if row["figures_kept"] is None else f"{100 * row['figures_kept']:.1f} %"
        lines.append(
            f"| {row['name']} | {row['lines']} | {row['bleu']:.1f} | {row['chrf']:.1f}"
            f" | {kept} | {row['loops']} |"
        )
    signatures = result["sets"][0]["signatures"] if result["sets"] else {}
    lines.append("")
    lines += [f"{metric}: `{signature}`" for metric, signature in signatures.items()]
    lines.append(f"package sha256 `{result['package']}`, beam {result['beam_size']}")
    for row in result["sets"][:1]:
        lines += ["", f"Worst of {row['name']} by chrF:"]
        lines += [f"- {score}: {german} → {output}" for score, german, output in row["worst"]]
    return "\n".join(lines) + "\n"


def is_loop(source: str, output: str) -> bool:
    """Whether the output repeats a phrase three times in a row or is far longer than its source."""
    if _REPEAT.search(output) and not _REPEAT.search(source):
        return True
    return len(output.split()) > 2.5 * len(source.split()) + 10


def _measure_figures(sources: Sequence[str], outputs: Sequence[str]) -> float | None:
    wanted = found = 0
    for source, output in zip(sources, outputs, strict=True):
        digits = {re.sub(r"\D", "", figure) for figure in _FIGURE.findall(output)}
        together = "".join(char for char in output if char.isdigit())
        for figure in _FIGURE.findall(source):
            bare = re.sub(r"\D", "", figure)
            # Months, clock times and small numbers may rightly be written otherwise.
            if len(bare) >= 2 and ":" not in figure and figure.count(".") < 2:
                wanted += 1
                found += bare in digits or (len(bare) > 2 and bare in together)
    return found / wanted if wanted else None


def _to_dict(figures: Figures) -> dict[str, Any]:
    names = ("name", "lines", "bleu", "chrf", "figures_kept", "loops", "signatures", "worst")
    return {name: getattr(figures, name) for name in names}


def save_result(result: dict[str, Any], path: Path) -> None:
    """Write the figures as JSON."""
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
