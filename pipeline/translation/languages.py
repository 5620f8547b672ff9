"""Language codes: when two are the same language."""

from __future__ import annotations


def is_same_language(left: str, right: str) -> bool:
    """True for `en` and `en-GB`: the part before the hyphen decides."""
    return get_base(left) == get_base(right)


def get_base(code: str) -> str:
    """`de` of `de-AT` and `de_AT`."""
    return code.replace("_", "-").partition("-")[0].casefold()
