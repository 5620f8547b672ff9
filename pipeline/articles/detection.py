"""Which language an article is written in, where nobody said so."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Languages of news that a translation package exists for; py3langid knows 130, many of them so
# close to a big one (lb, nds, als to de) that a short German line is taken for them.
_CANDIDATES = (
    "ar az be bg bn bs ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk "
    "ko ky lt lv mk ms nl no pl pt ro ru sk sl sq sr sv sw th tl tr uk ur uz vi zh"
)
_SURE_LETTERS = 60  # below it the other articles of the run have a say
_SAMPLE_CHARS = 1_500


def detect_languages(texts: Sequence[str], known: Sequence[str | None]) -> list[str]:
    """ISO 639-1 code of each text: the known one, else detected.

    A text of fewer than 60 letters takes the most frequent language of the others when that is
    among its two likeliest.
    """
    found: list[str | None] = [
        code or (_rank(text)[0] if _letters(text) >= _SURE_LETTERS else None)
        for text, code in zip(texts, known, strict=True)
    ]
    counts = Counter(code for code in found if code is not None)
    common = min(counts, key=lambda code: (-counts[code], code)) if counts else None
    return [code or _guess(text, common) for text, code in zip(texts, found, strict=True)]


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text[:_SAMPLE_CHARS])


def _guess(text: str, common: str | None) -> str:
    ranked = _rank(text)
    if common is not None and (common in ranked[:2] or _letters(text) < _SURE_LETTERS // 3):
        return common
    return ranked[0]


def _rank(text: str) -> list[str]:
    """Candidate codes, likeliest first."""
    return [str(code) for code, _ in _identifier().rank(text[:_SAMPLE_CHARS])]


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([c for c in _CANDIDATES.split() if c in identifier.labels])
    return identifier
