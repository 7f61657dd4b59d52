"""The commands that leave the ordinary course, as somebody types them."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from engine.commands import NAMES
from runners.cli.catalogue import COMMANDS
from runners.cli.history import _PAST
from tests.contract.test_runner_courses import SHOP

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[[str, str], tuple[int, str]]


@pytest.fixture
def sop(lines: Callable[..., "Lines"]) -> Sop:
    """Carries out one command line of a person; gives the exit code and what was printed. A run has been started."""
    people = "people: {ana: {roles: [lead]}, ben: {roles: [maker]}, cleo: {roles: [maker]}}\n"
    typed = lines({"sops/shop.yaml": SHOP, "people.yaml": people})
    assert typed.by("ana", "start shop --title Sale")[0] == 0
    return typed.by


def test_a_long_way_round(sop: Sop) -> None:
    """Each command does what it says, asks for a reason where one is needed, and says what came of it."""
    for who, line, code, said in (
        ("ben", "block SHO-1/write", 2, "block needs a reason"),
        ("ben", "block SHO-1/write -m pen", 0, "Blocked SHO-1/write"),
        ("ben", "complete SHO-1/write --set text=hello", 1, "SHO-1/write is blocked"),
        ("ana", "unblock SHO-1/write -m ok", 0, "Unblocked SHO-1/write"),
        ("ben", "complete SHO-1/write --set text=hello", 0, "Completed SHO-1/write"),
        ("ben", "show SHO-1", 0, "wait_paid waits for the signal paid"),
        ("ben", "correct SHO-1/write -m slip", 2, "nothing is to be corrected"),
        ("ben", "correct SHO-1/write --set text=bye -m slip", 0, "Corrected text of SHO-1/write"),
        ("ana", "rewind SHO-1/write -m again --dry-run", 0, "no longer counts: write"),
        ("ana", "suspend SHO-1 -m hold", 0, "Suspended SHO-1"),
        ("ana", "show SHO-1", 0, "open, suspended"),
        ("ben", "signal SHO-1 paid --set amount=5", 1, "SHO-1 is suspended"),
        ("ana", "resume SHO-1 -m go", 0, "Resumed SHO-1"),
        ("ben", "signal SHO-1 payed --set amount=5", 3, "did you mean paid?"),
        ("ben", "signal SHO-1 paid --set amount=5", 0, "Signalled paid to SHO-1"),
        ("ana", "can ben skip SHO-1/book --explain", 5, "SOP-D10"),
        ("ben", "skip SHO-1/book -m no", 8, "SOP-D10"),
        ("ana", "skip SHO-1/book -m no", 0, "Left out SHO-1/book"),
        ("ana", "signal SHO-1 seen", 0, "pack:1"),
        ("ben", "add SHO-1/each y", 0, "pack:2"),
        ("ana", "close SHO-1/each --early", 2, "close needs a reason"),
        ("ana", "close SHO-1/each --early -m enough", 0, "Closed SHO-1/each"),
        ("ana", "complete SHO-1/film --override", 2, "override needs a reason"),
        ("ana", "complete SHO-1/film --override -m nobody", 0, "Completed SHO-1/film"),
        ("ana", "complete SHO-1/last", 0, "SHO-1 has ended: done"),
        ("ana", "reopen SHO-1/last -m no -y", 0, "Opened SHO-1 again at last"),
        ("ana", "rewind SHO-1/book -m again", 1, "of which nothing is open"),
        ("ana", "history SHO-1", 0, "overrode"),
        ("ana", "history SHO-1", 0, "corrected: size, text"),
        ("ana", "show SHO-1", 0, "film  done by ana, override (SOP-D01)"),
        ("ana", "history SHO-1 -v", 0, "ana overrode SOP-D01 for film"),
        ("ana", "replay SHO-1", 0, "equals the stored state"),
        ("ana", "verify SHO-1", 0, "same answers"),
    ):
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), f"{line}: {found}\n{printed}"


def test_every_command_has_a_word_for_afterwards() -> None:
    """Whatever a record calls what was asked for, a history can say it."""
    assert {*NAMES.values(), "override"} == set(_PAST)


def test_what_a_run_lets_people_do_is_offered_by_a_command() -> None:
    """No detour of the engine is without its command."""
    words = {"add_item": "add", "close_items": "close"}
    asked = ("signal", "skip", "rewind", "suspend", "resume", "block", "unblock", "reopen", "correct", "add_item", "close_items")
    assert {words.get(name, name) for name in asked} <= set(COMMANDS)


def test_going_back_is_not_done_unasked(sop: Sop) -> None:
    """Where nobody can be asked it takes --yes; the answer lists what no longer counts, and a preview takes no reason."""
    for who, line, code, said in (
        ("ben", "complete SHO-1/write --set text=hello", 0, "Completed"),
        ("ana", "rewind SHO-1/write", 2, "rewind needs a reason"),
        ("ana", "rewind SHO-1/write -n", 0, "no longer counts: write"),
        ("ana", "rewind SHO-1/write -m again", 2, "No longer counts: write"),
        ("ana", "rewind SHO-1/write -m again", 2, "--yes"),
        ("ben", "rewind SHO-1/write -m again", 8, "SOP-D10"),
        ("ana", "history SHO-1", 0, "refused: rewind"),
        ("ana", "rewind SHO-1/write -m again -y", 0, "no longer counts: write"),
        ("ben", "complete SHO-1/write --set text=bye", 0, "Completed"),
    ):
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), f"{line}: {found}\n{printed}"
    assert json.loads(sop("ana", "rewind SHO-1/write -m more -y --json")[1])["voided"] == ["write"]
