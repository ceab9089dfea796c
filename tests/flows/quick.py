"""The command with every law checked by its SQL alone: ``python -m tests.flows.quick refresh …``."""

from flows.cli import main
from tests.flows.direct import laws_asked

if __name__ == "__main__":
    with laws_asked():
        main()
