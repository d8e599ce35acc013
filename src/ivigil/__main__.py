"""``python -m ivigil`` is ``ivigil``."""

from ivigil.cli import main

if __name__ == "__main__":
    main()
