"""What is kept, and printed, of the dialogue with the server."""

from __future__ import annotations

import weakref
from typing import Any

from ..errors import Error


class Dialogue:
    """The replies of the call that runs now, or ran last.

    Prints them with their commands as the standard library does, where the `debugging` of `ftp` asks for it. It must
    not keep `ftp` alive, whose connection it belongs to.
    """

    def __init__(self, ftp: object) -> None:
        self._ftp: weakref.ref[Any] = weakref.ref(ftp)
        self._verb = ""
        self._replies: list[tuple[str, str]] = []
        # Whether who makes the call prints the commands and replies himself.
        self.is_shown_by_caller = False

    def begin(self) -> None:
        """Forgets what was."""
        self._verb = ""
        self._replies.clear()

    def see(self, is_reply: bool, line: str) -> None:
        """Takes the next command or reply; for the option `dialogue`."""
        if is_reply:
            self._replies.append((self._verb, line.rstrip("\n")))
        else:
            self._verb = line.partition(" ")[0]
        level = 0 if self.is_shown_by_caller else getattr(self._ftp(), "debugging", 0)
        if level:
            show = _show_reply if is_reply else _show_command
            show(line.rstrip("\n"), level)

    def replies(self) -> list[str]:
        """All replies, in their order."""
        return [reply for _, reply in self._replies]

    def reply_to(self, *verbs: str) -> str:
        """The last reply to one of the commands; empty where there is none."""
        return next((reply for verb, reply in reversed(self._replies) if verb in verbs), "")

    def reply_of(self, error: Error) -> str:
        """The whole reply that belongs to an error; empty where there is none."""
        if error.reply_code is None:
            return ""
        code = str(error.reply_code)
        whole = next((reply for reply in reversed(self.replies()) if reply.startswith(code)), None)
        return whole or f"{code} {error.reply_text}"


def _show_command(line: str, level: int) -> None:
    print("*cmd*", repr(line))
    if level > 1:
        print("*put*", repr(line + "\r\n"))


def _show_reply(reply: str, level: int) -> None:
    if level > 1:
        for line in reply.split("\n"):
            print("*get*", repr(line + "\n"))
    print("*resp*", repr(reply))
