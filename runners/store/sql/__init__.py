"""Statements and schemas as text, one pair of modules per database. Generated; see ``runners.store.generate``."""
