"""The pure core: what an SOP says, what may happen next, and what a history proves.

Nothing here reads a clock, a file, a database or chance; what depends on them comes in as an argument.
"""

__version__ = "0.1.0"
