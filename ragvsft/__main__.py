"""`python -m ragvsft` is the command line."""

from ragvsft.cli import main

main()
