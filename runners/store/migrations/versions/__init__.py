"""One module per migration, numbered; a migration that was published is never changed."""
