"""What keeps a pair out of training: two normalised sides in, the first fault's name out."""

from __future__ import annotations

import re

from models.training.parts import read_words

FAULTS = (
    "empty",
    "identical",
    "length",
    "ratio",
    "script",
    "markup",
    "code",
    "fragment",
    "number",
    "question",
    "loop",
    "boilerplate",
    "vulgar",
    "language",
)
MAX_WORDS = 90  # a longer line is several sentences, and cut off by the longest batch anyway
MIN_PROSE_WORDS = 5

_MARKUP = re.compile(
    r"[{}<>\\|`^~]|\[\[|\]\]|\]\(|\bhttps?://|\bwww\.|&\w+;|%[sd@]|\$[A-Za-z_]|\b\w+_\w+\b|\b\w+\(\)|::|->|==|--\w|Ã"
)
_CODE_WORD = re.compile(r"[^\W\d][./:=]\w*[./:=]\w|[a-z][A-Z]|^[-/]\w|\w@\w|[#=+*]")
# A side without any of these has no such word: most sides, at a third of the time.
_CODE_HINT = re.compile(r"[a-z][A-Z]|[./:=@]\w|[#=+*]|(?:^|\s)[-/]\w")
_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d)[.,' ](?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])\d+,\d{1,2}(?![\d,])")
_POINT_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:\.\d{3})+(?![\d,.])")
_LOOP = re.compile(r"(\b\w{2,}\b(?:\W+\w+){0,3}?)(?:\W+\1){3,}")
_BOILERPLATE = re.compile(
    r"appliesto-|\bms\.\w|\bxref\b|\bTOC\b|^\W*(?:Weitere Informationen finden Sie|Siehe auch"
    r"|For more information, see|See also)\b|[Cc]ookies? (?:akzeptieren|zustimmen)|Lorem ipsum"
)
_NOT_LATIN = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f]")
_END = re.compile(r"[.!?:][\"')]*$")
_BAD_START = re.compile(r"^[!?,;:.)\]/*=+&]")

_WORDS = read_words()
_GERMAN = frozenset(_WORDS["function"]["german"])
_ENGLISH = frozenset(_WORDS["function"]["english"])
_VULGAR = {
    language: (
        frozenset(word for word in words if not word.endswith("*")),
        tuple(word[:-1] for word in words if word.endswith("*")),
    )
    for language, words in _WORDS["vulgar"].items()
}
_WORD = re.compile(r"[^\W\d_]+")


def find_fault(german: str, english: str, *, prose: bool = False) -> str | None:
    """Name of the first fault of the pair, None when it is fit for training.

    `prose` asks for full sentences: documentation abounds in headings and menu names.
    """
    if not german or not english:
        return "empty"
    if german.casefold() == english.casefold():
        return "identical"
    return (
        _find_size_fault(german, english)
        or _find_form_fault(german, english, prose=prose)
        or _find_meaning_fault(german, english)
    )


def _find_size_fault(german: str, english: str) -> str | None:
    words = sorted((german.count(" ") + 1, english.count(" ") + 1))
    chars = sorted((len(german), len(english)))
    if words[1] > MAX_WORDS or chars[1] > 9 * MAX_WORDS:
        return "length"
    # The added constants let "Ja" face "Yes, I do" and still stop a half-translated sentence.
    if chars[1] > 1.8 * chars[0] + 14 or words[1] > 2.0 * words[0] + 4:
        return "ratio"
    return None


def _find_form_fault(german: str, english: str, *, prose: bool) -> str | None:
    for side in (german, english):
        letters = sum(map(str.isalpha, side))
        if letters == 0 or len(_NOT_LATIN.findall(side)) > 0.1 * letters:
            return "script"
        if _MARKUP.search(side):
            return "markup"
        words = side.split()
        code = 0
        if _CODE_HINT.search(side):
            code = sum(1 for word in words if _CODE_WORD.search(word))
        # One such word is a brand (McDonald's) or a score; a line of figures is no sentence either.
        if (code >= 2 and code > 0.15 * len(words)) or letters < 0.5 * (len(side) - len(words)) - 2:
            return "code"
        if _BAD_START.match(side):
            return "fragment"
        if prose and (len(words) < MIN_PROSE_WORDS or not _END.search(side)):
            return "fragment"
    return None


def _find_meaning_fault(german: str, english: str) -> str | None:
    if _lose_number(german, english):
        return "number"
    if german.rstrip("\"')").endswith("?") != english.rstrip("\"')").endswith("?"):
        return "question"
    if _is_loop(english) or _is_loop(german):
        return "loop"
    if _BOILERPLATE.search(german) or _BOILERPLATE.search(english):
        return "boilerplate"
    return _find_word_fault(
        [word.casefold() for word in _WORD.findall(german)],
        [word.casefold() for word in _WORD.findall(english)],
    )


def _find_word_fault(german: list[str], english: list[str]) -> str | None:
    if _is_vulgar(german, "german") or _is_vulgar(english, "english"):
        return "vulgar"
    if _is_other_language(german, _GERMAN, _ENGLISH):
        return "language"
    return "language" if _is_other_language(english, _ENGLISH, _GERMAN) else None


def _lose_number(german: str, english: str) -> bool:
    """Whether a figure of three digits and more stands on one side only, or in German format.

    Shorter figures may rightly become words, months or other units (`18.30 Uhr`, `6:30 p.m.`).
    """
    if not (_DIGITS.search(german) or _DIGITS.search(english)):
        return False
    german_format = set(_DECIMAL_COMMA.findall(german)) | set(_POINT_THOUSANDS.findall(german))
    if any(figure in english for figure in german_format):
        return True
    sides = [_DIGITS.findall(_THOUSANDS.sub("", side)) for side in (german, english)]
    for these, others in (sides, reversed(sides)):
        together = "".join(others)
        if any(len(figure) >= 3 and figure not in together for figure in these):
            return True
    return False


def _is_loop(side: str) -> bool:
    """Whether a phrase is said four times in a row, as failing systems do."""
    words = side.split()
    often = any(words.count(word) >= 4 for word in set(words))  # the search is slow, so not always
    return often and _LOOP.search(side) is not None


def _is_other_language(words: list[str], own: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the other language's function words clearly outnumber the side's own."""
    mine = sum(1 for word in words if word in own)
    theirs = sum(1 for word in words if word in other)
    if len(words) >= 12 and mine == 0:
        return True
    return theirs >= 2 and theirs > 2 * mine


def _is_vulgar(words: list[str], language: str) -> bool:
    """Whether a word is on the language's own list: German may be `dick` and may `wanken`."""
    whole, stems = _VULGAR[language]
    return any(word in whole or word.startswith(stems) for word in words)
