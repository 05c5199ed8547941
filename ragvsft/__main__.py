"""`python -m ragvsft` is the command line."""

from ragvsft.cli.main import main

main()
