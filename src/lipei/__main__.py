"""`python -m lipei`: the door of the command line."""

import sys

from lipei.run.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
