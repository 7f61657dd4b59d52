"""What people point at: an SOP, a run, or a task of a run."""

import re
from typing import Final

from runners.cli.failures import usage

RUN: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}-\d{1,9}(\.\d{1,6}){0,8}")


def is_run(text: str) -> bool:
    """Whether *text* is the name of a run, or of something in one."""
    return RUN.fullmatch(text.partition("/")[0].upper()) is not None


def run_of(text: str) -> str:
    """The name of a run; small letters are taken too. Raises Failure."""
    if not is_run(text) or "/" in text:
        raise usage(f"{text} is no name of a run", "runs are called like CAM-1; sop runs   lists them")
    return text.upper()


def target(text: str) -> tuple[str, str]:
    """The run and the address inside it (empty for the run itself). Raises Failure."""
    run, slash, step = text.partition("/")
    if not is_run(text) or (slash and not step):
        raise usage(f"{text} names neither a run nor a task", "write RUN or RUN/STEP, like CAM-1 or CAM-1/brief")
    return run.upper(), step


def task_target(text: str) -> tuple[str, str]:
    """The run and the address of a task in it. Raises Failure."""
    run, step = target(text)
    if not step:
        raise usage(f"{text} is a run, and a task is meant", f"write RUN/STEP; sop show {run}   lists its open tasks")
    return run, step


def run_order(run: str) -> tuple[str, tuple[int, ...]]:
    """Where a run stands among others by name: ``CC-3`` before ``CC-10``."""
    prefix, _, numbers = run.rpartition("-")
    return prefix, tuple(int(number) for number in numbers.split(".") if number.isdecimal())


def pair(text: str, flag: str, shape: str) -> tuple[str, str]:
    """Name and value of ``name=value``. Raises Failure."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage(f"{flag} {text}: expected {shape}")
    return name.strip(), value
