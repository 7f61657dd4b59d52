"""Settings of the tests of the engine."""

from tests.profiles import load

load()
