"""What each command means, a module for each family of commands. :mod:`engine.decide` calls them."""
