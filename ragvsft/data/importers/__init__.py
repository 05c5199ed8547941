"""What people already have, as a corpus and an evalset; each module reads the dialects of one source.

An import reads and checks everything first and writes at the end, so nothing is half-imported.
"""
