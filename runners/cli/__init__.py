"""The command line. Nothing is imported here: each command loads what it needs when it runs."""


def run() -> None:
    """The entry point of the ``sop`` script."""
    import gc
    import os
    import sys

    gc.set_threshold(100_000)  # a call is over before a collection would free anything; each one costs milliseconds
    from runners.cli.door import main

    code = main(sys.argv[1:])
    if sys.gettrace() is None and "coverage" not in sys.modules:
        os._exit(code)  # everything is closed and flushed: taking the interpreter apart would only cost time
    sys.exit(code)
