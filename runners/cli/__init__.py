"""The command line. Nothing is imported here: each command loads what it needs when it runs."""


def run() -> None:
    """The entry point of the ``sop`` script."""
    import sys

    from runners.cli.door import main

    sys.exit(main(sys.argv[1:]))
