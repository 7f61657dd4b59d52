"""Level V0 alone, on the bytes: whatever is changed in a chain without forging all that follows is found where it is."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import canonical
from engine.history import digest
from runners.audit.chain import Chain
from runners.store import reads
from tests.company import Company

Row = tuple[int, bytes, bytes]
LOG, RUN = "f0f0f0f0f0f0f0f0", "ART-1"


def chained(bodies: Sequence[dict[str, Any]], log: str = LOG, run: str = RUN) -> list[Row]:
    """*bodies* as the records of a run, each bound to the one before."""
    from engine.history import text

    head, rows = bytes(32), []
    for seq, body in enumerate(bodies):
        record = canonical({**body, "log": log, "run": run, "seq": seq, "prev": text(head), "v": 1})
        head = digest(record)
        rows.append((seq, record, head))
    return rows


ROWS = chained(
    [{"at": f"2026-11-22T00:00:{n:02}Z", "actor": {"sub": f"p_{n}"}, "command": {"do": "claim", "step": "x"}} for n in range(8)]
)


def first_bad(rows: Sequence[Row], log: str = LOG, run: str = RUN) -> int | None:
    """Number of the first record that is wrong; None where nothing is."""
    found = Chain(run, log).check(rows)
    if found is None:
        return None
    assert (found.level, found.run) == ("chain", run)
    return found.seq


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Paths of everything in *value* that holds nothing else."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from leaves(item, (*path, key))
    if not isinstance(value, dict | list):
        yield path


def test_a_whole_chain_is_sound() -> None:
    """The negative control: nothing is found in what nobody touched, whole or in parts."""
    assert first_bad(ROWS) is None
    chain = Chain(RUN, LOG)
    assert chain.check(ROWS[:3]) is None
    assert chain.check(ROWS[3:]) is None
    assert (chain.length, chain.head) == (8, ROWS[-1][2])


def test_every_changed_byte_is_found() -> None:
    """Any byte of any record, and any byte of any stored hash, names the record it stands in."""
    for seq, record, stored in ROWS:
        for place in range(len(record)):
            forged = record[:place] + bytes([record[place] ^ 1]) + record[place + 1 :]
            assert first_bad([*ROWS[:seq], (seq, forged, stored), *ROWS[seq + 1 :]]) == seq
        for place in range(32):
            forged = stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :]
            assert first_bad([*ROWS[:seq], (seq, record, forged), *ROWS[seq + 1 :]]) == seq


def test_every_record_removed_swapped_or_doubled_is_found() -> None:
    """Also when the numbers are made to fit again."""
    count = len(ROWS)
    for seq in range(count - 1):
        assert first_bad(ROWS[:seq] + ROWS[seq + 1 :]) == seq
        moved = [(number if number < seq else number - 1, record, stored) for number, record, stored in ROWS if number != seq]
        assert first_bad(moved) == seq
        for other in range(seq + 1, count):
            swapped = list(ROWS)
            swapped[seq], swapped[other] = (seq, *ROWS[other][1:]), (other, *ROWS[seq][1:])
            assert first_bad(swapped) == seq
    for seq in range(count):
        doubled = [*ROWS[: seq + 1], (seq + 1, *ROWS[seq][1:]), *((n + 1, r, h) for n, r, h in ROWS[seq + 1 :])]
        assert first_bad(doubled) == seq + 1
        assert first_bad([*ROWS[: seq + 1], ROWS[seq], *ROWS[seq + 1 :]]) == seq + 1


def test_a_record_hashed_anew_is_found_at_the_one_after_it() -> None:
    """Whoever changes a record and its hash must change every record that follows."""
    for seq in range(len(ROWS) - 1):
        body = json.loads(ROWS[seq][1])
        body["actor"]["sub"] = "p_forged"
        record = canonical(body)
        assert first_bad([*ROWS[:seq], (seq, record, digest(record)), *ROWS[seq + 1 :]]) == seq + 1


def test_a_record_of_another_run_place_or_database_is_found() -> None:
    """What was hashed says where it belongs."""
    assert first_bad(ROWS, run="ART-2") == 0
    assert first_bad(ROWS, log="0" * 16) == 0
    assert first_bad(chained([{}], run="ART-10"), run="ART-1") == 0
    nested = chained([{"actor": {"log": LOG, "prev": "A" * 43}}], log="0" * 16)
    assert first_bad(nested) == 0


def test_a_refusal_is_bound_like_any_other_record() -> None:
    """Its reasons stand within the end of the record; its place and the record before it are compared all the same."""
    bodies: list[dict[str, Any]] = [{"at": "x"}, {"at": "y", "reasons": [["SOP-D01", {}]]}, {"at": "z"}]
    rows = chained(bodies)
    assert first_bad(rows) is None
    assert first_bad(chained(bodies, run="ART-2")) == 0
    for forged in (
        rows[1][1].replace(b'"prev":"', b'"prev":"-'), rows[1][1].replace(b'"run":"ART-1"', b'"run":"ART-2"'), rows[1][1][:-1],
        b"[]", b"5", b"\xff", rows[1][1].replace(b'"reasons":', b'"raisins":'),
    ):  # fmt: skip
        found = Chain(RUN, LOG).check([rows[0], (1, forged, digest(forged)), rows[2]])
        assert found is not None
        assert (found.level, found.seq) == ("chain", 1)


def test_a_tail_that_was_cut_off_is_no_break_of_the_chain() -> None:
    """A known limit of chains: the head of the run shows it, and where that was set back too, only a checkpoint will."""
    chain = Chain(RUN, LOG)
    assert chain.check(ROWS[:5]) is None
    assert (chain.length, chain.head) != (8, ROWS[-1][2])


def test_a_chain_that_was_forged_from_a_record_on_is_no_break() -> None:
    """A known limit of chains: whoever forges everything after it, and the head of the run, is found by checkpoints alone."""
    bodies = [json.loads(record) for _, record, _ in ROWS]
    bodies[3]["actor"]["sub"] = "p_forged"
    assert first_bad(chained(bodies)) is None


@given(st.data())
def test_any_change_of_any_part_is_found(data: st.DataObject) -> None:
    """Hypothesis: a leaf with another value, without it, or beside another key."""
    seq = data.draw(st.integers(0, len(ROWS) - 1))
    body = json.loads(ROWS[seq][1])
    *way, last = data.draw(st.sampled_from(list(leaves(body))))
    part = body
    for key in way:
        part = part[key]
    act = data.draw(st.sampled_from(["change", "remove", "add"]))
    if act == "change":
        new = data.draw(st.one_of(st.text(max_size=50), st.integers(-5, 50), st.booleans(), st.none()))
        part[last] = new if new != part[last] else f"{new}'"
    elif act == "remove":
        del part[last]
    else:
        part[f"{last}_"] = data.draw(st.text(max_size=5))
    record = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    assert first_bad([*ROWS[:seq], (seq, record, ROWS[seq][2]), *ROWS[seq + 1 :]]) == seq


@pytest.mark.parametrize("run", ["ART-1", "ART-1.1"])
def test_the_chain_of_a_real_run_holds_and_breaks(company: Company, run: str) -> None:
    """What the runner wrote is what this level expects, to the byte."""
    company.to_end()
    with company.database.read() as unit:
        rows = [(row.seq, row.record, row.hash) for row in reads.history(unit, run)]
    assert first_bad(rows, company.database.log, run) is None
    for seq, record, stored in rows:
        assert json.loads(record)["seq"] == seq
        forged = record.replace(b'"sub":"p_', b'"sub":"p-', 1).replace(b'"sub":"sy', b'"sub":"sx', 1)
        assert first_bad([*rows[:seq], (seq, forged, stored), *rows[seq + 1 :]], company.database.log, run) == seq
