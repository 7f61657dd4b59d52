"""Settings of the properties."""

from tests.profiles import load

load()
