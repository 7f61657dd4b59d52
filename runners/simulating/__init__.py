"""How runs are played by the dice: many at once, without a database; :mod:`runners.simulation` is the way in."""
