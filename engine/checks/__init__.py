"""What is looked for in a definition, by family; :mod:`engine.check` asks them all."""
