"""Word classes of a text (HanTa, models bundled in its package): the ground of roles and names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.language.lemmas import lemmatise_word
from pipeline.language.lexicon import LANGUAGES
from pipeline.language.tag_corrections import Word, correct_tags
from pipeline.language.thesaurus import find_entry
from pipeline.language.words import Token, cut_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODELS = {"en": "morphmodel_en.pgz", "de": "morphmodel_ger.pgz"}
# Own letters for both tagsets (BNC C5, STTS): N noun, P proper noun, V verb, B be, H have, D do,
# M modal, A adjective, R adverb, T determiner, O pronoun, I preposition, C conjunction,
# S subordinator, W relative or question word, Q number, X not, t infinitive mark, p particle,
# s genitive mark, Z punctuation and the rest.
_ENGLISH = {
    "NN0": "N", "NN1": "N", "NN2": "N", "NP0": "P", "AJ0": "A", "AJC": "A", "AJS": "A", "AT0": "T",
    "DPS": "T", "DT0": "T", "DTQ": "W", "PRP": "I", "PRF": "I", "TO0": "t", "PNP": "O", "PNI": "O",
    "PNX": "O", "PNQ": "W", "AVQ": "W", "CJC": "C", "CJS": "S", "CJT": "S", "CRD": "Q", "ORD": "Q",
    "XX0": "X", "POS": "s", "AV0": "R", "AVP": "p", "VM0": "M", "EX0": "O",
}  # fmt: skip
_GERMAN = {
    "NN": "N", "NE": "P", "ADJ(A)": "A", "ADJ(D)": "R", "ADV": "R", "ART": "T", "PPOSAT": "T",
    "PDAT": "T", "PIAT": "T", "PPER": "O", "PRF": "O", "PIS": "O", "PDS": "O", "PRELS": "W",
    "PWS": "W", "PWAV": "W", "PRELAT": "W", "APPR": "I", "APPRART": "I", "APPO": "I", "KON": "C",
    "KOUS": "S", "KOUI": "S", "KOKOM": "I", "CARD": "Q", "PTKNEG": "X", "PTKZU": "t", "PTKVZ": "p",
    "PAV": "R", "PROAV": "R",
}  # fmt: skip


@lru_cache(maxsize=2)
def _load_tagger(language: str) -> Any:  # HanTa has no types
    from HanTa import HanoverTagger

    tagger = HanoverTagger.HanoverTagger(_MODELS[language])
    # Words its model does not hold are analysed again each time: 0.8 of 1.9 ms a sentence.
    tagger.analyze_forward = lru_cache(maxsize=65536)(tagger.analyze_forward)
    return tagger


@lru_cache(maxsize=65536)
def _lemma_by_tag(word: str, tag: str, language: str) -> str:
    return str(_load_tagger(language).analyze(word, pos=tag)[0]).lower()


@lru_cache(maxsize=32768)
def tag_words(text: str, language: str) -> tuple[Word, ...]:
    """Tokens with class and lemma; empty for a language without a model."""
    tokens = cut_tokens(text)
    if language == "en":
        tokens = _lower_titles(_split_contractions(_join_hyphens(tokens)))
    if language not in LANGUAGES or not tokens:
        return ()
    tagged: Sequence[str] = _load_tagger(language).tag_sent(
        [_plain(token) for token in tokens], taglevel=0
    )
    read = _read_german if language == "de" else _read_english
    words = [read(token, tag) for token, tag in zip(tokens, tagged, strict=True)]
    return tuple(correct_tags(words) if language == "en" else words)


def _join_hyphens(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """`rear-ended`, `Jong-un`, `ver.di`, `Ms.` as one token each; figures stay apart (48-hour)."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        while _is_joined(token, tokens[at + 1 : at + 3]):
            text = f"{token.text}{tokens[at + 1].text}{tokens[at + 2].text}"
            token = Token(text, text.lower(), token.start, tokens[at + 2].end)
            at += 2
        if token.lower in _SHORT_TITLES and at + 2 < len(tokens) and tokens[at + 1].text == ".":
            text = f"{token.text}."
            token = Token(text, text.lower(), token.start, tokens[at + 1].end)
            at += 1
        joined.append(token)
        at += 1
    return tuple(joined)


# They end with a full stop that ends no sentence.
_SHORT_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "sen", "gov", "gen", "rep", "lt", "col", "sgt", "capt", "st"}
)


def _is_joined(token: Token, following: Sequence[Token]) -> bool:
    """A hyphen or, before a small letter, a full stop without space around it."""
    if len(following) < 2 or not token.text[-1].isalpha() or not following[1].is_word:
        return False
    mark, other = following
    close = token.end == mark.start and mark.end == other.start
    return close and (mark.text == "-" or (mark.text == "." and other.text[0].islower()))


_MIN_TITLE_WORDS = 4


def _lower_titles(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """A Headline In Capitals as a sentence: words of the thesaurus in lower case."""
    long = [token for token in tokens if token.is_word and len(token.text) > 3]
    capitals = sum(token.is_capital for token in long)
    if len(long) < _MIN_TITLE_WORDS or capitals < 0.9 * len(long) or tokens[-1].text == ".":
        return tokens
    return tuple(
        Token(token.lower, token.lower, token.start, token.end)
        if token.is_capital and not token.text.isupper() and find_entry(token.lower).senses
        else token
        for token in tokens
    )


__all__ = ["Word", "is_contracted", "tag_words"]

_CONTRACTED = re.compile(
    r"(?:n['’]t|['’](?:m|ll|ve|re|d|s)"
    r"|(?<=^can)not|(?<=^do)nt|(?<=^(?:is|ha|wo|ca))nt|(?<=^(?:did|was|has|had|are))nt"
    r"|(?<=^(?:does|have|were))nt|(?<=^(?:would|could))nt|(?<=^should)nt)$",
    re.IGNORECASE,
)


def is_contracted(word: str) -> bool:
    """`hasn't`, also without its apostrophe."""
    match = _CONTRACTED.search(word)
    return match is not None and match.group().lower().endswith("t")


def _split_contractions(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """`hasn't` and `hasnt` as `has` and `n't`, `cannot` as `can` and `not`, `I'm`."""
    split: list[Token] = []
    for token in tokens:
        match = _CONTRACTED.search(token.text) if token.is_word else None
        if match is None or match.start() == 0:
            split.append(token)
            continue
        at = token.start + match.start()
        first, second = token.text[: match.start()], match.group()
        split.append(Token(first, first.lower(), token.start, at))
        lower = second.lower().replace("’", "'")
        split.append(Token(second, "n't" if lower == "nt" else lower, at, token.end))
    return tuple(split)


_SHORT_FORMS = {"'m": "B", "'re": "B", "'ve": "H", "'ll": "M", "'d": "M", "n't": "X"}


def _plain(token: Token) -> str:
    return token.text.replace("’", "'")


def _read_english(token: Token, tag: str) -> Word:
    letter, form = _ENGLISH.get(tag, "Z"), ""
    if tag.startswith("V") and tag != "VM0":
        letter = {"B": "B", "D": "D", "H": "H"}.get(tag[1], "V")
        form = {"D": "past", "N": "participle", "G": "gerund", "Z": "present"}.get(tag[2], "base")
    elif tag == "NN2":
        form = "plural"
    letter = _correct(token, letter)
    if token.text.isupper() and 1 < len(token.text) <= 5 and letter in "VBHDM":
        letter, form = "P", ""  # AMD to acquire a rival
    if token.lower in {"wo", "ca", "sha"}:
        letter = "M"
    letter = _SHORT_FORMS.get(token.lower, "X" if token.lower == "not" else letter)
    lemma = _choose_lemma(token, letter, tag)
    if token.lower == "according":
        letter = "I"
    return Word(
        token.text, token.lower, lemma,
        letter, form, token.start, token.end,
    )  # fmt: skip


def _choose_lemma(token: Token, letter: str, tag: str) -> str:
    """The tagger's lemma or the list's: the one that is a word of this class (`found`: find)."""
    if not token.is_word:
        return token.text
    word_class = {"V": "v", "N": "n"}.get(letter)
    listed = lemmatise_word(token.text, "en")
    if word_class is None:
        return listed
    if word_class == "n" and "n" in find_entry(listed).senses:
        return listed
    tagged = _lemma_by_tag(_plain(token), tag, "en")
    return tagged if word_class in find_entry(tagged).senses else listed


def _correct(token: Token, letter: str) -> str:
    """The tagger's slips that the token itself shows."""
    if token.is_number:
        return "Q"
    if not token.is_word and letter not in "sBHMX":
        return "Z"
    return "N" if letter == "Z" else letter


def _read_german(token: Token, tag: str) -> Word:
    letter, form = _GERMAN.get(tag, "Z"), ""
    if tag.startswith("V"):
        letter = {"A": "B", "M": "M"}.get(tag[1], "V")
        form = "participle" if "PP" in tag else "present" if "FIN" in tag else "base"
    letter = _correct(token, letter)
    if letter == "N" and not token.is_capital:
        letter = "R"
    return Word(
        token.text, token.lower, lemmatise_word(token.text, "de") if token.is_word else token.text,
        letter, form, token.start, token.end,
    )  # fmt: skip
