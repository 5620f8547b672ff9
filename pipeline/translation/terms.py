"""Terms put into machine translations, without breaking a sentence.

A name that stands in the translation in another spelling is replaced where it stands. Any other
term is written into the source sentence instead (models copy what they don't know), and the
sentence is translated again; the result counts only when it has the terms and no more doubts.
What neither way achieves stays as it was and is flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.translation.alignment import cut_words, link_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.translation.stream import Translated
    from pipeline.translation.termbase import Termbase, TermFind

    Translate = Callable[[Sequence[str]], Mapping[str, Translated]]

# Mean log-probability a token that a retranslation may lose: a forced word is improbable, a
# sentence that fell apart much more so.
SCORE_SLACK = 0.8
# Links of a name to its translation are near 1, of unrelated words near 0.
SURE_LINK = 0.45
STATUSES = ("kept", "applied", "missing")


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term in one source text and whether the translation has it."""

    source_term: str
    source_form: str
    target_term: str
    status: str  # kept | applied | missing


@dataclass(frozen=True, slots=True)
class TermedTranslation:
    """A translation after the termbase, with what was found and done."""

    translated: Translated
    uses: tuple[TermUse, ...]


def check_terms(source: str, target: str, termbase: Termbase) -> list[TermUse]:
    """The source's terms, kept or missing in a target that is not to be changed."""
    return [_judge(find, target, "kept") for find in termbase.find_terms(source)]


def apply_terms(
    translations: Mapping[str, Translated],
    termbase: Termbase,
    translate: Translate,
    *,
    languages: tuple[str, str],
) -> dict[str, TermedTranslation]:
    """The translations with the termbase's terms in them, by source text."""
    finds = {text: termbase.find_terms(text) for text in translations}
    current = {
        text: replace(kept, text=_put_names(text, kept.text, finds[text], languages))
        for text, kept in translations.items()
    }
    switched = {
        text: switch_source(text, missing)
        for text, kept in current.items()
        if (missing := [f for f in finds[text] if f.term.is_enforceable and _lacks(kept.text, f)])
    }
    again = translate(sorted(set(switched.values()))) if switched else {}
    for text, variant in switched.items():
        if _is_better(current[text], again[variant], finds[text]):
            current[text] = again[variant]
    return {text: _report(translations[text], current[text], finds[text]) for text in translations}


def switch_source(text: str, finds: Sequence[TermFind]) -> str:
    """The source with the target terms in place of the source terms; a genitive s stays."""
    parts, at = [], 0
    for find in finds:
        term = find.term
        genitive = find.form.endswith("s") and not term.source.endswith("s")
        ending = "s" if genitive and term.target[:1].isupper() else ""
        parts += [text[at : find.start_char], term.target + ending]
        at = find.end_char
    return "".join([*parts, text[at:]])


def _put_names(
    source: str, target: str, finds: Sequence[TermFind], languages: tuple[str, str]
) -> str:
    """The target with names in the termbase's spelling, where another spelling stands."""
    for find in finds:
        if find.term.is_name and _lacks(target, find):
            span = _find_name(source, target, find, languages)
            if span is not None:
                target = target[: span[0]] + find.term.target + target[span[1] :]
    return target


def _find_name(
    source: str, target: str, find: TermFind, languages: tuple[str, str]
) -> tuple[int, int] | None:
    """Where the name stands in another spelling: capitalised words linked to it, in one piece."""
    copied = re.search(rf"(?<!\w){re.escape(find.form)}(?!\w)", target)
    if copied:
        return copied.span()
    source_words, target_words = cut_words(source), cut_words(target)
    links = link_words(source_words, target_words, source, target, languages)
    columns = [
        n for n, word in enumerate(source_words) if find.start_char <= word.start < find.end_char
    ]
    rows = [
        n
        for n, word in enumerate(target_words)
        if word.text[0].isupper()
        and links[n].max(initial=0.0) >= SURE_LINK
        and int(links[n].argmax()) in columns
    ]
    if not rows or len(rows) != rows[-1] - rows[0] + 1 or len(rows) != len(columns):
        return None
    end = target_words[rows[-1]].end
    possessive = re.search(r"[’']s$", target[:end])
    return target_words[rows[0]].start, possessive.start() if possessive else end


def _lacks(target: str, find: TermFind) -> bool:
    return not find.term.target_pattern.search(target)


def _is_better(before: Translated, after: Translated, finds: Sequence[TermFind]) -> bool:
    """True when the retranslation has every enforceable term, no new doubt, and reads as well."""
    return (
        not any(find.term.is_enforceable and _lacks(after.text, find) for find in finds)
        and len(after.flags) <= len(before.flags)
        and after.score >= before.score - SCORE_SLACK
    )


def _report(before: Translated, after: Translated, finds: Sequence[TermFind]) -> TermedTranslation:
    uses = []
    for find in finds:
        status = "applied" if _lacks(before.text, find) else "kept"
        uses.append(_judge(find, after.text, status))
    missing = [
        f"term {use.target_term} missing"
        for use, find in zip(uses, finds, strict=True)
        if use.status == "missing" and find.term.is_enforceable
    ]
    flags = tuple(dict.fromkeys((*after.flags, *missing)))
    return TermedTranslation(replace(after, flags=flags), tuple(uses))


def _judge(find: TermFind, target: str, status: str) -> TermUse:
    found = "missing" if _lacks(target, find) else status
    return TermUse(find.term.source, find.form, find.term.target, found)
