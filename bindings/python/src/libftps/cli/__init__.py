"""The command line: `libftps ls`, `get`, `put`, `mirror`, `doctor`.

A module for each command, on top of what they share. Options are named as those of the C programs in `examples/c`.
"""
