"""Migrations of the database; see ``runners.store.migrate``."""
