"""Counts finite verb forms in parallel text and writes the lists the clause cutter uses.

`python -m tests.eval.verb_forms` needs `../shared/data/parallel` (see its README for sources and
licences) and `zstd`; it takes a few minutes. A form is a finite verb when a good share of its
occurrences close a subordinate clause or follow a pronoun subject: adjectives and adverbs do not.
"""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.eval.gold import ROOT, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = ROOT / "pipeline" / "segments" / "data"
GERMAN_PARTS = """
wmt08-18_systems wmt21ts_systems wmt22ts_systems wmt23ts_ende_hyp wmt23ts_deen_hyp wmt24 mlqe ud_pud
wmt23_ende_hyp wmt23_deen_hyp tatoeba debian_web mdn xquad mozilla_legal privacyguides datenanfragen
"""
ENGLISH_PARTS = """
wmt08-18_systems wmt21ts_systems wmt22ts_systems wmt24 mlqe ud_pud wmt23_deen_hyp wmt23_deen_ref
tatoeba debian_web xquad mozilla_legal privacyguides datenanfragen
"""
WORD = re.compile(r"(?<![\w'-])[a-zäöüß]{2,}(?![\w'-])")
CLAUSE_END = re.compile(
    r", (?:(?:in|an|auf|mit|von|zu|bei|für|durch|über|unter|nach|aus|um|gegen|vor) )?"
    r"(?:dass|daß|weil|ob|wenn|nachdem|obwohl|während|sodass|damit|bevor|sobald|falls|der|die|das|den"
    r"|dem|deren|dessen|denen|welche[rsnm]?|wo|wie) [^,.;:!?\"„“”()–-]*? ([a-zäöüß]+)(?=[,.;!?])"
)
AFTER_SUBJECT = re.compile(
    r"^(?:Er|Sie|Es|Wir|Ich|Dies|Man|Ihr|Du|Niemand|Jeder|Alle) ([a-zäöüß]+)\b"
)
AFTER_ENGLISH_SUBJECT = re.compile(
    r"\b(?:he|she|it|they|we|who|which|He|She|It|They|We) "
    r"(?:also |already |now |never |not |only |still )?([a-z]+)\b"
)
PARTICIPLE = re.compile(r"(?:\w{2,6})?ge\w+(?:t|en)")
WITH_ZU = re.compile(
    r"(?:an|ab|auf|aus|bei|ein|vor|nach|zu|mit|um|her|hin|fest|fort|weg|zurück|zusammen|sicher|heraus"
    r"|wieder|teil|herab|herbei|herum|hervor|voran|vorher|wiederher|hinein|hinaus)zu\w+en"
)
# Read by hand: verbs whose dictionary form is a noun or an adjective, and foreign or other words
# that pass the counts.
KEPT = """
achten achteten brach heißen reiche reichen schicken lieben weisen stand widerstand überstand
gefällt
"""
DROPPED = """
manifest application end find meine network schau null main text hidden a always often self not also
anwendbaren bevorzugten
"""
SURE_SHARE, POSSIBLE_SHARE, UNKNOWN_LEMMA_SHARE = 0.06, 0.02, 0.09
AUXILIARIES = """
bin bist ist sind seid war waren warst sei seien wäre wären habe hast hat haben habt hatte hatten
hattest hätte hätten werde wird wirst werden werdet wurde wurden würde würden kann kannst können
könnt konnte konnten könne könnte könnten will willst wollen wollt wollte wollten wolle muss müssen
müsst musste mussten müsse müsste müssten soll sollst sollen sollte sollten solle darf dürfen durfte
durften dürfe dürfte dürften mag mögen mochte mochten möge möchte möchten lässt lassen ließ ließen
lasse bleibt bleiben blieb blieben bleibe
"""
ENGLISH_AUXILIARIES = """
is are was were has have had do does did will would can could shall should may might must be been
"""


@dataclass(slots=True)
class Counts:
    """How often a form stands at all, and where a finite verb stands."""

    everywhere: Counter[str] = field(default_factory=Counter)
    as_verb: Counter[str] = field(default_factory=Counter)

    def share(self, form: str) -> float:
        """Share of the form's occurrences in a verb's place."""
        return self.as_verb[form] / max(1, self.everywhere[form])


def read_side(parts: str, column: int) -> Iterator[str]:
    """Distinct sentences of one side of the named parts."""
    seen: set[int] = set()
    for part in parts.split():
        file = SHARED / "parallel" / f"{part}.tsv.zst"
        command = ["zstd", "-dc", "--long=27", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                sentence = line.rstrip("\n").split("\t")[column]
                if hash(sentence) not in seen:
                    seen.add(hash(sentence))
                    yield sentence


def count_german() -> Counts:
    """Counts over the German sides."""
    counts = Counts()
    for sentence in read_side(GERMAN_PARTS, 0):
        counts.everywhere.update(WORD.findall(sentence))
        counts.as_verb.update(CLAUSE_END.findall(sentence))
        counts.as_verb.update(AFTER_SUBJECT.findall(sentence))
    return counts


def count_english() -> Counts:
    """Counts over the English sides."""
    counts = Counts()
    for sentence in read_side(ENGLISH_PARTS, 1):
        counts.everywhere.update(WORD.findall(sentence))
        counts.as_verb.update(AFTER_ENGLISH_SUBJECT.findall(sentence))
    return counts


def choose_german(counts: Counts) -> tuple[set[str], set[str]]:
    """Forms that are verbs beyond doubt, and forms that may be participles or adjectives."""
    sure: set[str] = set()
    possible: set[str] = set()
    for form in counts.as_verb:
        if counts.as_verb[form] < 3 or not _may_be_verb(form, counts):
            continue
        if counts.share(form) >= SURE_SHARE:
            sure.add(form)
        elif counts.share(form) >= POSSIBLE_SHARE:
            possible.add(form)
    sure |= set(AUXILIARIES.split())
    possible |= _weak_paradigms(sure | possible, counts)
    sure = (sure | set(KEPT.split())) - set(DROPPED.split())
    return sure, possible - sure - set(DROPPED.split())


def _may_be_verb(form: str, counts: Counts) -> bool:
    if len(form) < 3 or WITH_ZU.fullmatch(form):
        return False
    if PARTICIPLE.fullmatch(form) and counts.share(form) < 2 * SURE_SHARE:
        return False
    lemma = _lemma(form)
    if not lemma[:1].islower():
        return False
    shaped = form.endswith(("t", "te", "ten", "en")) and not lemma.endswith(("ch", "ig", "isch"))
    return lemma.endswith("n") or (shaped and counts.share(form) >= UNKNOWN_LEMMA_SHARE)


def _lemma(form: str, language: str = "de") -> str:
    import simplemma

    return str(simplemma.lemmatize(form, lang=language))


def _weak_paradigms(verbs: set[str], counts: Counts) -> set[str]:
    """Regular forms of verbs whose infinitive is listed: billigen -> billigte, billigten."""
    found = set()
    for stem in {verb[:-2] for verb in verbs if verb.endswith("en") and len(verb) > 5}:
        for form in (stem + ending for ending in ("t", "te", "ten", "e", "et", "ete", "eten")):
            rare = counts.everywhere[form] < 2
            never = counts.as_verb[form] == 0 and counts.everywhere[form] > 30
            if not rare and not never and not form.startswith("ge") and _lemma(form).endswith("n"):
                found.add(form)
    return found


def choose_english(counts: Counts) -> set[str]:
    """Forms of which at least the sure share follows a pronoun subject."""
    chosen = {
        form
        for form in counts.as_verb
        if counts.as_verb[form] >= 6
        and counts.share(form) >= SURE_SHARE
        and not form.endswith(("ly", "ing"))
    }
    return (chosen | set(ENGLISH_AUXILIARIES.split())) - set(DROPPED.split())


def write_forms(name: str, what: str, forms: set[str]) -> None:
    """The list as the clause cutter reads it."""
    lines = textwrap.wrap(" ".join(sorted(forms)), 100, break_on_hyphens=False)
    head = [
        f"# {what}",
        "# Lower case; counted by tests/eval/verb_forms.py in a million sentences.",
    ]
    (DATA / name).write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Writes the three lists and prints their sizes."""
    sure, possible = choose_german(count_german())
    write_forms("de_verbs.txt", "Forms that are finite verbs.", sure)
    write_forms(
        "de_verbs_ambiguous.txt", "Finite verbs or, as often, participles or adjectives.", possible
    )
    english = choose_english(count_english())
    write_forms("en_verbs.txt", "Forms that are finite verbs.", english)
    print(f"{len(sure)} German forms, {len(possible)} ambiguous ones, {len(english)} English forms")


if __name__ == "__main__":
    main()
