"""What people point at: an SOP, a run, or a task of a run."""

import re
from typing import Final

from runners.cli.failures import usage
from runners.tongue import spoken

RUN: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}-\d{1,9}(\.\d{1,6}){0,8}")


def is_run(text: str) -> bool:
    """Whether *text* is the name of a run, or of something in one."""
    return RUN.fullmatch(text.partition("/")[0].upper()) is not None


def run_of(text: str) -> str:
    """The name of a run; small letters are taken too. Raises Failure."""
    if not is_run(text) or "/" in text:
        raise usage(spoken("{text} is no name of a run", text=text), spoken("runs are called like CAM-1; sop runs   lists them"))
    return text.upper()


def target(text: str) -> tuple[str, str]:
    """The run and the address inside it (empty for the run itself). Raises Failure."""
    run, slash, step = text.partition("/")
    if not is_run(text) or (slash and not step):
        hint = spoken("write RUN or RUN/STEP, like CAM-1 or CAM-1/brief")
        raise usage(spoken("{text} names neither a run nor a task", text=text), hint)
    return run.upper(), step


def task_target(text: str) -> tuple[str, str]:
    """The run and the address of a task in it. Raises Failure."""
    run, step = target(text)
    if not step:
        hint = spoken("write RUN/STEP; sop show {run}   lists its open tasks", run=run)
        raise usage(spoken("{text} is a run, and a task is meant", text=text), hint)
    return run, step


def run_order(run: str) -> tuple[str, tuple[int, ...]]:
    """Where a run stands among others by name: ``CC-3`` before ``CC-10``."""
    prefix, _, numbers = run.rpartition("-")
    return prefix, tuple(int(number) for number in numbers.split(".") if number.isdecimal())


def pair(text: str, flag: str, shape: str) -> tuple[str, str]:
    """Name and value of ``name=value``. Raises Failure."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage(spoken("{flag} {text}: expected {shape}", flag=flag, text=text, shape=shape))
    return name.strip(), value
