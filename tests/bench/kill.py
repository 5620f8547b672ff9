"""Translations killed at random moments: `python -m tests.bench.kill PACKAGE [KILLS]`.

A worker process translates a few thousand sentences and is killed with SIGKILL; the next one gets
the same cache and must finish with the bytes of an undisturbed run, translating only what was not
yet stored. `tests/test_kill.py` does the same with fewer kills.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SENTENCES = 1500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one killed and finished translation showed."""

    stored_at_kill: int
    distinct_texts: int
    translated_again: int  # by the rerun, which must be distinct_texts - stored_at_kill
    same_bytes: bool

    @property
    def is_sound(self) -> bool:
        """Same bytes, and nothing stored was translated a second time."""
        return self.same_bytes and (
            self.translated_again == self.distinct_texts - self.stored_at_kill
        )


def kill_and_finish(package: Path, folder: Path, kills: int, *, seed: int = 1) -> list[Outcome]:
    """One outcome a kill, each with a fresh cache.

    A kill comes a few random milliseconds after the cache holds a random share of the texts, so
    that it falls into the translation however slow the machine starts a process.
    """
    reference = folder / "undisturbed"
    distinct = json.loads(_finish(package, reference))["translated"]
    wanted = (reference / "out.txt").read_bytes()
    rng = random.Random(seed)
    return [_kill_once(package, folder / str(n), rng, distinct, wanted) for n in range(kills)]


def _kill_once(
    package: Path, home: Path, rng: random.Random, distinct: int, wanted: bytes
) -> Outcome:
    from pipeline.translation import describe_cache

    process = subprocess.Popen(
        _command(package, home), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    enough = rng.randrange(distinct)
    while process.poll() is None and describe_cache(home / "cache").translation_count < enough:
        time.sleep(0.01)
    time.sleep(rng.uniform(0.0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.wait()
    stored = describe_cache(home / "cache").translation_count
    counts = json.loads(_finish(package, home))
    same = (home / "out.txt").read_bytes() == wanted
    return Outcome(stored, distinct, counts["translated"], same)


def _finish(package: Path, home: Path) -> str:
    done = subprocess.run(
        _command(package, home), cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def _command(package: Path, home: Path) -> list[str]:
    return [sys.executable, "-m", "tests.bench.kill", "--work", str(package), str(home)]


def work(package: Path, home: Path) -> None:
    """Translates the toy sentences with the home's cache; prints what was translated."""
    from pipeline.config import TranslationConfig
    from pipeline.translation import find_route, open_cache, open_package
    from pipeline.translation.stream import RouteStream, make_options
    from tests.toy_package import draw_sentences

    os.environ["FAKTENBLATT_HOME"] = str(home / "home")
    texts = [sentence[0] for sentence in draw_sentences(SENTENCES)]
    route = find_route("de", "en", [open_package(package)])
    if route is None:
        raise SystemExit(f"{package} does not translate German")
    with open_cache(home / "cache") as cache:
        stream = RouteStream(route, make_options(TranslationConfig()), cache)
        found = stream.translate(texts)
    lines = [f"{found[text].text}\t{found[text].score!r}\t{found[text].flags}" for text in texts]
    (home / "out.txt").write_text("\n".join(lines), encoding="utf-8")
    translated = sum(not kept.cached for kept in found.values())
    print(json.dumps({"translated": translated}))


def main(arguments: list[str]) -> int:
    """The table of outcomes; exit code 1 when one is not sound."""
    import tempfile

    if arguments[0] == "--work":
        work(Path(arguments[1]), Path(arguments[2]))
        return 0
    kills = int(arguments[1]) if len(arguments) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        outcomes = kill_and_finish(Path(arguments[0]), Path(folder), kills)
    for outcome in outcomes:
        print(outcome)
    sound = sum(outcome.is_sound for outcome in outcomes)
    inside = sum(0 < o.stored_at_kill < o.distinct_texts for o in outcomes)
    print(f"{sound} of {kills} sound; {inside} kills fell into the translation")
    return 0 if sound == kills else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
