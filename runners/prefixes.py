"""Prefixes: what the names of runs begin with, and which of them are free for a new SOP. Nothing is parsed to say so."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from engine.limits import DOCUMENT_BYTES
from engine.procedure import default_prefix
from runners.folders import sops
from runners.reading import content

_WRITTEN: Final = re.compile(rb"""^prefix:[ ]*["']?([A-Z0-9]+)""", re.MULTILINE)
_LONGEST: Final = 8
"""Letters of a prefix, see ``names.PREFIX_PATTERN``."""


def prefixes(folders: Sequence[Path], name: str) -> dict[str, str]:
    """Every prefix that another SOP than *name* has, be it written down or made from its id, and which SOP that is."""
    found = {}
    for sop, path in sops(folders).items():
        written = _WRITTEN.search(content(path, DOCUMENT_BYTES))
        found[written[1].decode() if written else default_prefix(sop)] = sop
    return {prefix: sop for prefix, sop in found.items() if sop != name}


def free_prefix(name: str, taken: Collection[str]) -> str:
    """Two or more capital letters of *name* that are not *taken*."""
    first, letters = default_prefix(name), name.replace("_", "").upper()
    for found in (first, *(letters[:length] for length in range(4, min(len(letters), _LONGEST) + 1))):
        if found not in taken:
            return found
    number = 2
    while (found := f"{first}{number}") in taken:
        number += 1
    return found
