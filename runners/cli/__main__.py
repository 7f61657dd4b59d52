"""``python -m runners.cli``: the same as ``sop``."""

from runners.cli import run

if __name__ == "__main__":
    run()
