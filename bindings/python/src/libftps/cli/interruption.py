"""Signals that end the program."""

from __future__ import annotations

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """A signal that ends the program has arrived.

    Attributes:
        number: which one.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def raise_on_signals() -> None:
    """Has the first signal raise `Interrupted`, so that what is open is cleaned up. A second one kills at once.

    One that is ignored, as under nohup, stays so.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _raise(number: int, _: FrameType | None) -> None:
    for other in _SIGNALS:
        if signal.getsignal(other) is _raise:
            signal.signal(other, signal.SIG_DFL)
    raise Interrupted(number)
