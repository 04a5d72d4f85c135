"""Whether the server lets the user in."""

from __future__ import annotations

from collections.abc import Iterator

from .... import errors
from ...login import ANONYMOUS
from ..examination import Examination, Stage
from ..findings import Facts, Finding, good, note, problem, skipped


def look(examination: Examination) -> Iterator[Finding]:
    """Logs in once."""
    login = examination.login
    if login is None:
        yield skipped("no password was given")
        return
    try:
        with examination.connected() as visit:
            pbsz = visit.reply_to("PROT")
            directory = visit.client.current_directory()
    except errors.LoginRefused as error:
        yield _refused(login.user, error)
        return
    examination.reached.add(Stage.LOGIN)
    yield good(
        f"{login.user} is logged in, in {directory}, with protected data connections",
        user=login.user,
        directory=directory,
        prot=pbsz,
    )


def _refused(user: str, error: errors.LoginRefused) -> Finding:
    facts: Facts = {"user": user, "reply_code": error.reply_code, "reply": error.reply_text}
    if user == ANONYMOUS:
        return note(
            f"nobody is let in without an account: {error}",
            "That is usual. What follows needs a login.",
            "Give --user, and the password in FTPS_PASSWORD, --password-file or ~/.netrc.",
            **facts,
        )
    if error.reply_code == 532 or error.reply_code == 332:
        return problem(
            f"the server wants an account besides the password: {error}",
            "The command ACCT is needed (RFC 959), which mainframes use.",
            "Write the account into ~/.netrc (account), or give it to Client.login.",
            **facts,
        )
    return problem(
        f"{user} is not let in: {error}",
        "The name or the password is wrong; or the account is locked, has expired, may not use FTP, or not from this "
        "address.",
        "Check --user and the password (a blank or line end too many?), then ask the server's administrator.",
        **facts,
    )
