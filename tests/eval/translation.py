"""BLEU and chrF of a translation package on FLORES dev, beside published figures.

The package is the one a run would take for German (given, installed, bundled), or `--package`.
FLORES is evaluation only: it lies outside the project and nothing is tuned on it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.translation import find_route, list_packages, open_cache
from pipeline.translation.homes import find_cache_folder
from pipeline.translation.package import Route
from pipeline.translation.stream import RouteStream, StreamOptions

FLORES = Path(__file__).parents[3] / "shared" / "data" / "mt"
# BLEU on FLORES dev, German to English, as published by Mozilla's evaluation (sacrebleu).
PUBLISHED = (
    ("Microsoft", 44.9),
    ("Google", 43.1),
    ("Bergamot base", 41.6),
    ("OPUS-MT", 41.2),
    ("Bergamot tiny", 39.6),
    ("Argos", 37.0),
    ("NLLB-600M", 32.1),
)


@dataclass(frozen=True, slots=True)
class TranslationFigures:
    """Scores of one package with the signatures that say how they were made."""

    label: str
    digest: str
    sentence_count: int
    bleu: float
    bleu_signature: str
    chrf: float
    chrf_signature: str
    doubtful_count: int


def report(package: Path | None = None) -> str:
    """The table, or the line that says why there is none."""
    if not (FLORES / "flores-dev.de").is_file():
        return f"translation: skipped, no FLORES dev at {FLORES}"
    route = find_route("de", "en", list_packages(package))
    if route is None:
        return "translation: skipped, no German package (faktenblatt models install de)"
    figures = evaluate_package(route)
    lines = [
        (
            f"translation: FLORES dev, {figures.sentence_count} sentences, {figures.label} "
            f"(sha256 {figures.digest[:12]}), {figures.doubtful_count} flagged as doubtful"
        ),
        f"  BLEU {figures.bleu:.1f}  {figures.bleu_signature}",
        f"  chrF {figures.chrf:.1f}  {figures.chrf_signature}",
        "  published BLEU on the same set: "
        + ", ".join(f"{name} {bleu:.1f}" for name, bleu in PUBLISHED),
    ]
    return "\n".join(lines)


def evaluate_package(route: Route) -> TranslationFigures:
    """The figures of the package (or packages) on FLORES dev."""
    import sacrebleu

    source, reference = (
        (FLORES / f"flores-dev.{code}").read_text(encoding="utf-8").splitlines()
        for code in ("de", "en")
    )
    with open_cache(find_cache_folder()) as cache:
        found = RouteStream(route, StreamOptions(), cache).translate(source)
    outputs = [found[text].text for text in source]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    bleu_score = bleu.corpus_score(outputs, [reference])
    chrf_score = chrf.corpus_score(outputs, [reference])
    return TranslationFigures(
        label=route.label,
        digest=route.packages[0].digest,
        sentence_count=len(source),
        bleu=float(bleu_score.score),
        bleu_signature=str(bleu.get_signature()),
        chrf=float(chrf_score.score),
        chrf_signature=str(chrf.get_signature()),
        doubtful_count=sum(bool(found[text].flags) for text in source),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", type=Path)
    print(report(parser.parse_args().package))
    sys.exit(0)
