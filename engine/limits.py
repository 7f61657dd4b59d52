"""Every limit in one place, each with its reason.

A limit that is met is a refusal with a number in it, never a slow answer (reference: a 394-byte document with merge
keys takes seconds, 100,000 brackets end the process).
"""

from typing import Final

DOCUMENT_BYTES: Final = 256 * 1024
"""A definition of 200 steps in four languages takes about 100 KiB."""
DOCUMENT_DEPTH: Final = 32
"""Steps inside branches inside items: nine levels in the deepest shipped SOP."""
DOCUMENT_NODES: Final = 20_000
"""About 100 nodes a step for 200 steps."""
SCALAR_CHARACTERS: Final = 16 * 1024
"""Instructions of five printed pages."""
STEPS: Final = 2_000
"""Ten times the largest procedure anybody was seen to follow."""
PROBLEMS: Final = 200
"""More than anybody reads; the rest is counted."""

EXPRESSION_CHARACTERS: Final = 1_000
"""What still fits on a screen; it also bounds what the compiler of the library sees."""
EXPRESSION_DEPTH: Final = 16
"""Deep data ends the process inside the library, so depth is checked before."""
EXPRESSION_KEYS: Final = 4_000
"""Keys of all maps that one evaluation reads: a table of 1,000 rows with four columns."""
EXPRESSION_ITEMS: Final = 5_000
"""Elements of all lists that one evaluation reads: five full tables or selections."""
EXPRESSION_TEXT: Final = 4 * 1024 * 1024
"""All texts that one evaluation reads, and all that it gives: a few whole forms."""
EXPRESSION_WORK: Final = 2**29
"""What the loops of one evaluation may copy, by an estimate of about twice the bytes: joining two long texts for each
of 5,000 items takes gigabytes inside the library, which bounds its steps and not its memory."""

AGGREGATED: Final = 200_000
"""Numbers that `sum` and its like take in one evaluation, in loops too: two hundred full tables; a fifth of a second."""

DAYS_COUNTED: Final = 200_000
"""Working days that one evaluation counts or goes over, and calls of functions over dates; a quarter of a second."""

FIELD_CHARACTERS: Final = 64 * 1024
"""One form field; longer texts belong into a file."""
FORM_BYTES: Final = 1024 * 1024
"""All fields of one form together; sixteen of the longest."""
FORM_FIELDS: Final = 200
"""Nobody fills in more at one sitting."""
TABLE_ROWS: Final = 1_000
"""Rows of a table, values of a list; longer ones belong into a file."""
NAME_CHARACTERS: Final = 200
"""Titles of runs, names of people and files."""
COMMENT_CHARACTERS: Final = 16 * 1024
"""Notes and comments: five printed pages."""
TABLE_WORK: Final = 1_000_000
"""Values that all rows of one table together may read to be computed: 400 rows that each read the whole table of four columns."""
ITEMS: Final = 1_000
"""Items of one for-each; the tokens of all of them are in one run."""
TOKENS: Final = 5_000
"""Open tracks of one run: a full for-each with five branches in each item. The state of a run is read and written whole."""
ROUNDS: Final = 1_000
"""Upper bound of any round limit."""
MOVES: Final = 10_000
"""Automatic moves that one command may cause before it is refused; only a broken definition comes near."""
CHILD_DEPTH: Final = 8
"""A run inside a run inside ...; a definition that starts itself is stopped here."""
EVIDENCE_BYTES: Final = 25 * 1024 * 1024
"""One file; a longer film belongs where films are kept, and its address into the form."""
EVIDENCE_FILES: Final = 50
"""Of one field; more belong into an archive."""
PAGE_ROWS: Final = 1_000
"""Rows of one page of a list, and timers of one round."""
RETRIES: Final = 5
"""Tries of one whole transaction against a locked database."""
WHOLE_NUMBER: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8785 3.2.2.3 with RFC 7493 2.2)."""
