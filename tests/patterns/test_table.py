"""The page about patterns and the tests of patterns say the same."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "patterns.md"
FILES = Path(__file__).parent.glob("test_*.py")
TESTS = {name for path in FILES for name in re.findall(r"^def (test_w[cr]p_\w+)\(", path.read_text(), re.MULTILINE)}


def test_every_named_test_exists_and_every_test_is_named() -> None:
    """A pattern is called supported where a test of that name shows it, and nowhere else."""
    assert set(re.findall(r"`(test_w[cr]p_\w+)`", PAGE.read_text())) == TESTS


def test_every_control_flow_pattern_has_its_row() -> None:
    """All 43 are there, in order; at least 36 are supported, and each of the others says why it is not."""
    rows = re.findall(r"^\| WCP-(\d+) \|.*\| (.*) \|$", PAGE.read_text(), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 44))
    supported = {int(number) for number, test in rows if test.startswith("`test_wcp_")}
    assert len(supported) >= 36
    reasons = {int(number) for number in re.findall(r"^- \*\*WCP-(\d+)\*\* ", PAGE.read_text(), re.MULTILINE)}
    assert reasons == set(range(1, 44)) - supported
    assert all(f"test_wcp_{int(number):02}_" in test for number, test in rows if int(number) in supported)


def test_every_resource_pattern_has_its_row() -> None:
    """All 43 are there, in order; at least 40 are supported, as the page says, and each of the others says why it is not."""
    text = PAGE.read_text()
    rows = re.findall(r"^\| WRP-(\d+) \|.*\| (.*) \|$", text, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 44))
    supported = {int(number) for number, test in rows if test.startswith("`test_wrp_")}
    assert len(supported) >= 40
    assert f"{len(supported)} of 43 are supported" in text
    reasons = {int(number) for number in re.findall(r"^- \*\*WRP-(\d+)\*\* ", text, re.MULTILINE)}
    assert reasons == set(range(1, 44)) - supported
    assert all(f"test_wrp_{int(number):02}_" in test for number, test in rows if int(number) in supported)
