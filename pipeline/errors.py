"""Errors a user can act on.

    FaktenblattError            exit 1: a data or model problem
    ├── InputError              an article, row or folder can't be used
    ├── MemoryFileError         a translation memory or termbase can't be read
    ├── PackageError            a translation package is missing, corrupt or refused
    ├── ModelError              an embedding or same-fact model is missing or not what it claims
    ├── SchemaError             a frame does not have the columns its stage promises
    └── OutputError             a result can't be written
    UsageError                  exit 2: the command line or the configuration is wrong

Every message is one line: what, which value and where (file:line, article, package), what to do.
"""

from __future__ import annotations


class FaktenblattError(Exception):
    """Base of everything that is reported as one line with exit code 1."""

    exit_code = 1


class InputError(FaktenblattError):
    """An article, row or folder can't be used."""


class MemoryFileError(FaktenblattError):
    """A translation memory or a termbase can't be read."""


class PackageError(FaktenblattError):
    """A translation package is missing, corrupt or refused."""


class ModelError(FaktenblattError):
    """An embedding or same-fact model is missing or not what it claims to be."""


class SchemaError(FaktenblattError):
    """A frame does not have the columns its stage promises."""


class OutputError(FaktenblattError):
    """A result can't be written."""


class UsageError(FaktenblattError):
    """The command line or the configuration is wrong (exit code 2)."""

    exit_code = 2
