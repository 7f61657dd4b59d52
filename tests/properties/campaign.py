"""The long campaign: as many random definitions and acts as asked, each walk from a seed of its own.

    uv run python -m tests.properties.campaign --definitions 20000 --acts 200 --seed 7

What fails is printed with its definition, its acts and the command that shows it again; ``--keep-going`` counts on.
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence

from tests.properties.walk import Broken, walk


def say(text: object) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it. Gives 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties.campaign", description=__doc__)
    parser.add_argument("--definitions", type=int, default=200, help="how many")
    parser.add_argument("--acts", type=int, default=50, help="how many on each")
    parser.add_argument("--seed", default="", help="what everything is drawn from; another one each time if absent")
    parser.add_argument("--first", type=int, default=0, help="number of the first definition")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at the first failure")
    given = parser.parse_args(arguments)
    seed = given.seed or str(random.SystemRandom().randrange(10**9))
    say(f"seed {seed}: {given.definitions} definitions of {given.acts} acts")
    seen, failed, began = Counter[str](), 0, time.monotonic()
    for number in range(given.first, given.first + given.definitions):
        try:
            seen += walk(f"{seed}:{number}", given.acts).seen
        except Exception as broken:  # noqa: BLE001 - a crash of the engine is a finding like any other
            failed += 1
            say(broken if isinstance(broken, Broken) else traceback.format_exc())
            say(f"again: python -m tests.properties.campaign --seed {seed} --first {number} --definitions 1 --acts {given.acts}")
            if not given.keep_going:
                return 1
        done = number - given.first + 1
        if done % 100 == 0:
            say(f"{done} definitions, {failed} failed, {time.monotonic() - began:.0f} s")
    say(f"{given.definitions} definitions, {failed} failed, {time.monotonic() - began:.0f} s, seed {seed}")
    say(", ".join(f"{name} {count}" for name, count in sorted(seen.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
