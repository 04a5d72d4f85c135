"""In which form directories are listed, and whether it is understood."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ...._abi import Format, Kind
from ....client import Client
from ....entries import Entry, Listing
from ....errors import Error
from ..examination import Examination
from ..findings import Facts, Finding, good, note, warning

# So many lines that are not understood are shown.
_SAMPLES = 3
_NAMES = {
    Format.MLSX: "facts (MLSD)",
    Format.UNIX: 'Unix ("ls -l")',
    Format.DOS: 'DOS ("dir", IIS)',
    Format.OS400: "OS/400",
    Format.ZOS: "z/OS",
    Format.VMS: "VMS",
    Format.EPLF: "EPLF",
    Format.NETWARE: "NetWare",
    Format.MACOS_PETER: "Mac OS (Peter's)",
}


def look(examination: Examination) -> Iterator[Finding]:
    """Lists with the command that the client chooses, and with LIST."""
    directory = examination.wishes.directory
    with examination.connected() as visit:
        listing = visit.client.list()
        command = "MLSD" if visit.sent("MLSD") else "LIST"
        style = _style(visit.client) if command == "LIST" else Format.MLSX
        other = _style(visit.client) if command == "MLSD" else style
    entries = [entry for entry in listing if entry.kind not in (Kind.CURRENT_DIRECTORY, Kind.PARENT_DIRECTORY)]
    facts: Facts = {
        "command": command,
        "style": style and style.name.lower(),
        "list_style": other and other.name.lower(),
        "entries": len(entries),
        "unparsed": [_text(line) for line in listing.unparsed],
        "times_in_utc": _times_in_utc(entries),
    }
    yield _finding(directory or "the login directory", entries, listing, facts, style)
    yield from _names(examination, entries)


def _style(client: Client) -> Format | None:
    """The form of LIST: the one that understands every line."""
    for style in _NAMES:
        if style is not Format.MLSX:
            with contextlib.suppress(Error):
                listing = client.list_with("LIST", None, style)
                if len(listing) and not listing.unparsed:
                    return style
    return None


def _finding(directory: str, entries: list[Entry], listing: Listing, facts: Facts, style: Format | None) -> Finding:
    form = _NAMES[style] if style else "unknown form" if listing.unparsed else "no lines to tell the form from"
    count = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    found = f"{directory} is listed with {facts['command']}: {form}, {count}"
    if listing.unparsed:
        sample = "; ".join(repr(_text(line)) for line in listing.unparsed[:_SAMPLES])
        return warning(
            f"{found}, {len(listing.unparsed)} lines not understood: {sample}",
            "The directory has more in it than the entries show. Listing.unparsed has these lines; `libftps ls` ends "
            "with exit code 4.",
            "Try another form with the option listing (ListingOptions) of Client, and report the lines to the project.",
            **facts,
        )
    if not entries:
        return note(found, "An empty directory tells nothing of the form.", "Name another with --directory.", **facts)
    times = {
        True: "Times are in UTC.",
        False: "Times are in the server's own time zone, which the listing does not tell.",
        None: "",
    }
    return good(found, times[_times_in_utc(entries)], **facts)


def _times_in_utc(entries: list[Entry]) -> bool | None:
    times = [entry.modified for entry in entries if entry.modified is not None]
    return None if not times else all(time.tzinfo is not None for time in times)


def _names(examination: Examination, entries: list[Entry]) -> Iterator[Finding]:
    """Whether names are text in the character set that is used."""
    strange = [entry for entry in entries if any("\udc80" <= letter <= "\udcff" for letter in entry.name)]
    if not strange:
        return
    guess = "windows-1252"
    examination.advice.use("charset", guess, "a guess, for Western European names: look whether they read well")
    sample = strange[0].raw_name.decode("cp1252", "replace")
    yield warning(
        f"{len(strange)} names are not UTF-8; in {guess} the first would be {sample!r}",
        "The server sends names in an older character set. They can be fetched all the same, but do not read well.",
        f"Name the character set with --charset, {guess} for instance.",
        names_not_utf8=len(strange),
    )


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")
