"""How a scenario is read, checked, told and measured; :mod:`runners.scenarios` is the way in."""
