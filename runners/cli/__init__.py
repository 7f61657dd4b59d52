"""The command line. Nothing is imported here: each command loads what it needs when it runs."""


def run() -> None:
    """The entry point of the ``sop`` script."""
    import gc
    import os
    import sys

    gc.set_threshold(100_000)  # a call is over before a collection would free anything; each one costs milliseconds
    from runners.cli.door import main

    os._exit(main(sys.argv[1:]))  # everything is closed and flushed: taking the interpreter apart would only cost time
