"""Command lines carried out in this process, where it is not processes that are tried: the same door, without a start each."""

import contextlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from runners.cli.door import main


class Result(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def in_process(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str = "") -> Result:
    """A command given in *folder*, with nothing but *environment* around it."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = dict(os.environ)
    cwd = Path.cwd()
    given = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogateescape")), encoding="utf-8", errors="surrogateescape")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "stdin", given)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        try:
            code = main(list(arguments))
        finally:
            os.chdir(cwd)
            os.environ.clear()
            os.environ.update(before)
    return Result(code, *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))
