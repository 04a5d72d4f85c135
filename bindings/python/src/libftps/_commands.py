"""The commands of a client."""

from __future__ import annotations

import ctypes
import posixpath
from datetime import datetime, timedelta
from typing import Any, Literal

from ._abi import Format, HashAlgorithm, ListingCommand, Status
from ._base import Base
from ._naming import RemotePath, local_path, without_nul
from ._refusals import Suits, explained_rename, is_missing
from .entries import Entry, listing_of, time_of
from .errors import Error, InvalidArgument, ProtocolError
from .options import ActiveMode, FilePath, ListingOptions, Retry, change, unsigned
from .types import Reply

Algorithm = Literal["sha512", "sha256", "sha1", "md5", "crc32"]

_UNCHANGED: Any = object()


class Commands(Base):
    """One method for each thing that a server does besides listings and transfers."""

    def command(self, verb: str, argument: RemotePath | None = None) -> Reply:
        """Sends any command and returns its reply, whatever the code: for verbs without a method of their own.

        After a verb that may change what the client does not know of, SITE for instance, silent re-login is off.
        """
        name = self._session.names.encode_optional(argument)
        return self._reply("command", without_nul(verb.encode()), name)

    def size(self, path: RemotePath) -> int:
        """The size of a file in bytes (SIZE, RFC 3659 section 4)."""
        session, size = self._session, ctypes.c_uint64()
        name = session.names.encode(path)

        def work(handle: int) -> int:
            session.check(session.library.ftps_client_size(ctypes.byref(size), handle, name), path)
            return size.value

        return self._about(name, Suits.FILE, work)

    def modified(self, path: RemotePath) -> datetime:
        """When a file was last modified (MDTM, RFC 3659 section 3), in UTC."""
        session, seconds, nanoseconds = self._session, ctypes.c_int64(), ctypes.c_uint32()
        name = session.names.encode(path)

        def work(handle: int) -> None:
            out = ctypes.byref(seconds), ctypes.byref(nanoseconds)
            session.check(session.library.ftps_client_modified(*out, handle, name), path)

        self._about(name, Suits.FILE, work)
        modified = time_of(seconds.value, nanoseconds.value)
        if modified is None:
            raise ProtocolError(f"the time of {path!r} is beyond what datetime can hold")
        return modified

    def exists(self, path: RemotePath) -> bool:
        """Whether there is such a path (MLST; without it a listing of the directory that holds it)."""
        session, name = self._session, self._session.names.encode(path)
        if posixpath.normpath(name) in (b"/", b"//", b"."):
            return True

        def work(handle: int) -> bool:
            pointer = ctypes.c_void_p()
            try:
                session.check(session.library.ftps_client_entry(ctypes.byref(pointer), handle, name))
            except Error as error:
                if not is_missing(error):
                    raise
                status: int = session.library.ftps_client_size(None, handle, name)
                return status == Status.OK
            session.library.ftps_listing_free(pointer)
            return True

        return session.run(work)

    def entry(self, path: RemotePath) -> Entry:
        """What the server says of one path (MLST, RFC 3659 section 7.1).

        Where the server has no MLST, the directory that holds it is listed, and `InvalidArgument` is raised for a path
        that no directory holds ("/", "..").
        """
        session, pointer = self._session, ctypes.c_void_p()
        name = session.names.encode(path)

        def work(handle: int) -> Entry:
            session.check(session.library.ftps_client_entry(ctypes.byref(pointer), handle, name), path)
            return listing_of(pointer.value or 0, session.names)[0]

        return self._about(name, Suits.ANYTHING, work)

    def delete(self, path: RemotePath) -> None:
        """Deletes a file (DELE)."""
        self._do_with("delete", path, Suits.FILE)

    def rename(self, old: RemotePath, new: RemotePath) -> None:
        """Renames or moves (RNFR, RNTO)."""
        session = self._session
        old_name, new_name = session.names.encode(old), session.names.encode(new)

        def rename(handle: int) -> None:
            session.check(session.library.ftps_client_rename(handle, old_name, new_name), old)

        session.run(lambda handle: explained_rename(handle, rename, old_name, new_name, new))

    def make_directory(self, path: RemotePath) -> str:
        """Creates a directory (MKD). Returns its path as the server gives it, or `path` where it gives none."""
        session, created = self._session, ctypes.c_char_p()
        name = session.names.encode(path)

        def work(handle: int) -> str:
            session.check(session.library.ftps_client_make_directory(ctypes.byref(created), handle, name), path)
            return session.names.decode(created.value or b"")

        return self._about(name, Suits.NEW_DIRECTORY, work)

    def remove_directory(self, path: RemotePath) -> None:
        """Removes an empty directory (RMD)."""
        self._do_with("remove_directory", path, Suits.EMPTY_DIRECTORY)

    def change_directory(self, path: RemotePath) -> None:
        """Changes the current directory (CWD)."""
        self._do_with("change_directory", path, Suits.DIRECTORY)

    def change_to_parent(self) -> None:
        """Changes to the parent directory (CDUP)."""
        self._do("change_to_parent")

    def current_directory(self) -> str:
        """The current directory (PWD)."""
        session, path = self._session, ctypes.c_char_p()

        def work(handle: int) -> str:
            session.check(session.library.ftps_client_current_directory(ctypes.byref(path), handle))
            return session.names.decode(path.value or b"")

        return session.run(work)

    def noop(self) -> None:
        """Does nothing, and shows that the server is there (NOOP)."""
        self._do("noop")

    def keep_alive(self) -> None:
        """For idle times: sends NOOP where the control connection was silent for as long as the option `keep_alive`."""
        session = self._session
        call = session.library.ftps_client_keep_alive
        session.run(lambda handle: session.check(call(handle)), owner=session.stream)

    def system(self) -> Reply:
        """The kind of system (SYST)."""
        return self._reply("system")

    def status(self, path: RemotePath | None = None) -> Reply:
        """The server's status, or with a path a listing over the control connection (STAT)."""
        return self._reply("status", self._session.names.encode_optional(path))

    def set_type(self, representation: Literal["I", "A"]) -> None:
        """Sets the representation type: "I" (the default), or "A" for texts (TYPE)."""
        self._do("set_type", without_nul(representation.encode()))

    def set_modification_time(self, path: RemotePath, when: datetime | float) -> None:
        """Sets when a file was last modified: an aware `datetime`, or seconds since 1970 UTC. To the second.

        With MFMT, where the server does not know it MDTM with a time, and else SITE UTIME.
        """
        if isinstance(when, datetime):
            if when.tzinfo is None:
                raise InvalidArgument("a time without time zone: give it one, for instance datetime.timezone.utc")
            seconds = (when - _EPOCH) // timedelta(seconds=1)
        else:
            seconds = int(when // 1)
        self._do_with("set_modification_time", path, Suits.ANYTHING, seconds)

    def set_permissions(self, path: RemotePath, mode: int) -> None:
        """Sets the permissions of a file on a Unix server, 0o640 for instance (SITE CHMOD)."""
        self._do_with("set_permissions", path, Suits.ANYTHING, unsigned("mode", mode))

    def set_umask(self, mask: int) -> None:
        """Sets which permissions new files and directories do not get on a Unix server (SITE UMASK)."""
        self._do("set_umask", unsigned("mask", mask))

    def set_mlst_facts(self, facts: str) -> None:
        """Chooses the facts that MLSD and MLST tell, "type;size;modify" for instance (OPTS MLST)."""
        self._do("set_mlst_facts", without_nul(facts.encode()))

    def has_feature(self, name: str) -> bool:
        """Whether the server named this feature ("MLST") in its answer to FEAT. Known after the login."""
        return bool(self._tell(ctypes.c_int(), "has_feature", without_nul(name.encode())))

    def has_hash(self, algorithm: Algorithm) -> bool:
        """Whether the server says that it can compute such hashes of files."""
        return bool(self._tell(ctypes.c_int(), "has_hash", _algorithm(algorithm)))

    def hash(self, path: RemotePath, algorithm: Algorithm = "sha256") -> str:
        """The hash of a file, computed by the server, in hexadecimal digits.

        A server may take long: the option `reply_timeout` has to allow for that.
        """
        session, digits = self._session, ctypes.c_char_p()
        name, number = session.names.encode(path), _algorithm(algorithm)

        def work(handle: int) -> str:
            session.check(session.library.ftps_client_hash(ctypes.byref(digits), handle, name, number), path)
            return (digits.value or b"").decode()

        return self._about(name, Suits.FILE, work)

    def verify(self, local: FilePath, remote: RemotePath) -> str:
        """Compares a local and a remote file by the strongest hash that the server offers, and returns which that was.

        Raises `Mismatch` where they differ, and `Refused` where the server offers no hash.
        """
        session, algorithm = self._session, ctypes.c_int()
        here, there = local_path(local), session.names.encode(remote)

        def work(handle: int) -> str:
            out = ctypes.byref(algorithm)
            session.check(session.library.ftps_client_verify(out, handle, here, there), remote)
            return HashAlgorithm(algorithm.value).name.lower()

        return session.run(work)

    def clear_command_channel(self) -> None:
        """INSECURE: ends TLS on the control connection (CCC, RFC 4217 section 12.3), after the login.

        For firewalls that have to read PORT and PASV. Data connections are as protected as before.
        """
        self._do("clear_command_channel")

    def set_active_mode(self, mode: ActiveMode | None = None) -> None:
        """Active mode from the next transfer on."""
        change(self._session, active=mode or ActiveMode())

    def set_passive_mode(self) -> None:
        """Passive mode from the next transfer on, which is the default."""
        change(self._session, active=False)

    def set_rate_limits(self, download: int = 0, upload: int = 0) -> None:
        """Bytes a second at most, on average; 0 is no limit. From the next piece on, also in an open file."""
        change(self._session, download_limit=download, upload_limit=upload)

    def set_timeouts(
        self,
        *,
        connect: float = _UNCHANGED,
        reply: float = _UNCHANGED,
        data: float = _UNCHANGED,
        operation: float | None = _UNCHANGED,
    ) -> None:
        """Seconds, as for the options `connect_timeout` and so on; what is not given stays."""
        given = {"connect": connect, "reply": reply, "data": data, "operation": operation}
        values = {f"{name}_timeout": value for name, value in given.items() if value is not _UNCHANGED}
        change(self._session, **values)

    def set_listing(
        self,
        command: ListingCommand = ListingCommand.AUTO,
        format: Format = Format.AUTO,
        arguments: str | None = None,
    ) -> None:
        """How directories are listed from now on: see `ListingOptions`."""
        change(self._session, listing=ListingOptions(command, format, arguments))

    def set_server_clock(self, ahead_of_utc: timedelta | None) -> None:
        """What the server's clock is ahead of UTC; only for one that is wrong."""
        change(self._session, server_clock=ahead_of_utc)

    def set_line_ends(self, line_ends: Literal["crlf", "lf"]) -> None:
        """What ends a line of local texts in TYPE A, from the next transfer on."""
        change(self._session, line_ends=line_ends)

    def set_retry(self, retry: Retry | None) -> None:
        """How often to try again; for lost control connections to be set before the login."""
        change(self._session, retry=retry)

    def set_keep_alive(self, seconds: float) -> None:
        """Seconds of silence on the control connection in a transfer before NOOP is sent; 0 is never."""
        change(self._session, keep_alive=seconds)

    def set_dialogue(self, dialogue: Any) -> None:
        """The function that sees the dialogue from now on, as for the option `dialogue`; None ends that."""
        change(self._session, dialogue=dialogue)

    def set_log(self, log: bool | int) -> None:
        """Where log lines go, as for the option `log`."""
        change(self._session, log=log)

    def _reply(self, function: str, *arguments: Any) -> Reply:
        session = self._session
        call = getattr(session.library, f"ftps_client_{function}")

        def work(handle: int) -> Reply:
            session.check(call(handle, *arguments))
            return reply_of(session, handle)

        return session.run(work)


def reply_of(session: Any, handle: int) -> Reply:
    """The reply that the handle keeps. In `work`."""
    lib, length = session.library, ctypes.c_size_t()
    raw = ctypes.string_at(lib.ftps_client_reply_raw(ctypes.byref(length), handle), length.value)
    text: bytes = lib.ftps_client_reply_text(handle)
    return Reply(lib.ftps_client_reply_code(handle), text.decode("utf-8", "replace"), raw)


def _algorithm(name: str) -> int:
    try:
        return HashAlgorithm[name.upper().replace("-", "")]
    except KeyError:
        known = ", ".join(repr(member.name.lower()) for member in HashAlgorithm)
        raise InvalidArgument(f"{name!r} is no hash that is known: {known}") from None


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
