"""`models list | info | install | remove | verify`: translation packages of this machine.

Everything works from files alone; only installing by language or URL needs a network.
"""

from __future__ import annotations

from pipeline.packages.download import DownloadProgress
from pipeline.packages.install import install_package, remove_package
from pipeline.packages.inventory import PackageInfo, describe_package, list_installed
from pipeline.packages.verify import Verification, verify_package

__all__ = [
    "DownloadProgress",
    "PackageInfo",
    "Verification",
    "describe_package",
    "install_package",
    "list_installed",
    "remove_package",
    "verify_package",
]
