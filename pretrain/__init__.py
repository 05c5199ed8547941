"""How the bundled generator is made: sources -> tasks -> stream -> training -> export. Not imported by the package."""
