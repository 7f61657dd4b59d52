"""The shapes of names.

An id is ASCII and language-free, so that histories read the same everywhere, file systems and shells take it as it is,
and an expression can use it as a variable (hence ``_`` and no ``-``).
"""

from typing import Final

ID_PATTERN: Final = r"^[a-z][a-z0-9_]{0,62}$"
"""Steps, roles, fields, outcomes, SOPs, teams and handles."""

VERSION_PATTERN: Final = r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$"
"""Semantic version of a definition, three numbers."""

PREFIX_PATTERN: Final = r"^[A-Z][A-Z0-9]{1,7}$"
"""What the names of an SOP's runs begin with: ``CAM`` in ``CAM-1``."""

RESERVED: Final = frozenset(
    {  # words of the expression language (CEL specification, "Reserved words") and roots that our expressions define
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
        "namespace", "null", "package", "return", "true", "var", "void", "while", "inputs", "parameters", "kpi", "run", "item",
        "now", "end", "next", "leave", "log",
    }
)  # fmt: skip
"""Ids that no step, role or loop variable may take."""

MAIN: Final = "main"
"""The track that is the whole SOP."""

NEXT: Final = "next"
LEAVE: Final = "leave"
END: Final = "end"
