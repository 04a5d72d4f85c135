"""The options of a client, and how each is handed to the C library."""

from __future__ import annotations

import ctypes
import logging
import os
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypedDict

from . import _abi
from ._abi import DataProtection, Format, ListingCommand, ProxyKind, Resumption, Security
from ._naming import local_path
from ._session import Session
from .errors import InvalidArgument

FilePath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


@dataclass(frozen=True)
class ActiveMode:
    """Active mode (RFC 959 section 3.2): for each data connection this client listens, and the server connects.

    Attributes:
        first_port, last_port: the ports to listen on, those that a firewall lets through; 0 and 0 is any.
        listen_address: a numeric address of this machine; None is this end's address of the control connection.
        announced_address: the numeric address to tell the server where it is another, that of a NAT.
        trust_any_peer: take a data connection from any address, not only from the server's.
    """

    first_port: int = 0
    last_port: int = 0
    listen_address: str | None = None
    announced_address: str | None = None
    trust_any_peer: bool = False


@dataclass(frozen=True)
class Attempt:
    """Another attempt that is about to be made, as a retry observer sees it.

    Attributes:
        status: the number of the status that the last attempt ended with.
        message: the message of its error.
        attempt: which one it is, from 1 on, since the transfer last came further.
        delay: seconds that it waits.
        offset: bytes of the file that are known to have arrived.
    """

    status: int
    message: str
    attempt: int
    delay: float
    offset: int


@dataclass(frozen=True)
class Retry:
    """How often, and when, to try again what failed for a reason that may pass.

    That is a broken connection or one that cannot be made, silence, and the replies 421, 425, 426 and 450. Repeated are
    commands that only ask, the opening of a transfer, and whole local files, which go on where they were cut off.

    Attributes:
        attempts: at most so many more in a row.
        first_delay: seconds before the first; each wait is twice as long as the one before.
        longest_delay: up to so many seconds.
        observer: sees each `Attempt` before it is made; False forbids it, and what it raises reaches the caller.
    """

    attempts: int = 3
    first_delay: float = 1.0
    longest_delay: float = 60.0
    observer: Callable[[Attempt], object] | None = None


@dataclass(frozen=True)
class ListingOptions:
    """How directories are listed.

    Attributes:
        command: MLSD, LIST or NLST; AUTO finds out from FEAT.
        format: how the lines are to be read; AUTO finds out from SYST and the lines.
        arguments: what goes between LIST or NLST and the path, for instance "-a".
    """

    command: ListingCommand = ListingCommand.AUTO
    format: Format = Format.AUTO
    arguments: str | None = None


class ClientOptions(TypedDict, total=False):
    """What `Client` and `Pool` take as keywords. All may be left out.

    Connection:
        port: of the control connection (21; implicit 990).
        implicit: TLS from the first byte (port 990) instead of AUTH TLS.
        virtual_host: the name of the virtual host to log in to (HOST, RFC 7151).
        bind_address: the local numeric address that connections come from.
        tcp_keep_alive: seconds of silence before TCP asks whether the peer is still there.
        send_buffer, receive_buffer: of data connections in bytes.
        proxy: "socks5://user:password@host:port" or "http://user:password@host:port".
        active: `ActiveMode`, or True for one with its defaults.
        keep_alive: seconds of silence on the control connection in a transfer before NOOP is sent; None is never.
        relogin: log in anew where no TLS session is left that the server takes (True).
        retry: a `Retry`.

    TLS:
        resumption: "prefer" (default), "require" or "off".
        minimum_tls, maximum_tls: "1.2" or "1.3".
        platform_roots: trust the platform's root certificates (True).
        ca_file: a PEM file with certificates to trust besides; ca_data: the same as content.
        pins: SHA-256 fingerprints, any of which the server's certificate must have; nothing else is checked then.
        verify: False is INSECURE: any certificate is accepted.
        client_certificate: a PEM file with chain and key, or two: (chain, key).
        client_certificate_data: the same as content: (chain, key).
        crl_data: certificate revocation lists, PEM.
        server_name: the name in TLS and in the certificate, where it is not the host.
        key_log: a file to append TLS secrets to, in the format of SSLKEYLOGFILE.
        clear_data: True is INSECURE: files and listings go unprotected (PROT C).
        tolerate_missing_close_notify: take a download that ends without close_notify for complete (False).

    Limits, in seconds (floats), and bytes a second:
        connect_timeout: for name resolution, TCP connection and TLS handshake together (30).
        reply_timeout: for one whole reply (60).
        data_timeout: for silence on a data connection (60).
        operation_timeout: for one whole call; None is no limit.
        download_limit, upload_limit: bytes a second on average; 0 is no limit.

    Names, texts and listings:
        charset: of the server's names, a label of the WHATWG Encoding Standard ("utf-8").
        line_ends: "crlf" (default) or "lf": of local texts in TYPE A.
        listing: a `ListingOptions`.
        server_clock: what the server's clock is ahead of UTC; only for one that is wrong.
        trust_passive_address: connect to the address in the reply to PASV (False).
        announce_sizes: announce the size of an upload (ALLO; False).

    Watching:
        dialogue: a function that sees each line of the dialogue: (True for a reply, the line). Passwords are masked.
        log: True has the library's log lines go to `logging.getLogger("libftps")`; a level of `logging` does as well.
    """

    port: int
    implicit: bool
    virtual_host: str | None
    bind_address: str | None
    tcp_keep_alive: int
    send_buffer: int
    receive_buffer: int
    proxy: str | None
    active: ActiveMode | bool
    keep_alive: float | None
    relogin: bool
    retry: Retry | None
    resumption: Literal["prefer", "require", "off"]
    minimum_tls: Literal["1.2", "1.3"]
    maximum_tls: Literal["1.2", "1.3"]
    platform_roots: bool
    ca_file: FilePath | None
    ca_data: str | bytes | None
    pins: Sequence[str]
    verify: bool
    client_certificate: FilePath | tuple[FilePath, FilePath] | None
    client_certificate_data: tuple[str | bytes, str | bytes] | None
    crl_data: str | bytes | None
    server_name: str | None
    key_log: FilePath | None
    clear_data: bool
    tolerate_missing_close_notify: bool
    connect_timeout: float
    reply_timeout: float
    data_timeout: float
    operation_timeout: float | None
    download_limit: int
    upload_limit: int
    charset: str
    line_ends: Literal["crlf", "lf"]
    listing: ListingOptions
    server_clock: timedelta | None
    trust_passive_address: bool
    announce_sizes: bool
    dialogue: Callable[[bool, str], object] | None
    log: bool | int


def apply(session: Session, options: ClientOptions) -> None:
    """Sets all options. Raises `InvalidArgument` for one that cannot be used, `TypeError` for one that is none."""
    values: dict[str, Any] = dict(options)
    unknown = values.keys() - ClientOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"there is no option {sorted(unknown)[0]!r}: see help(libftps.ClientOptions)")
    session.run(lambda handle: _Setter(session, handle).set_all(values))


def change(session: Session, **values: Any) -> None:
    """Sets options that may be set while connected."""
    session.run(lambda handle: _Setter(session, handle).set_all(values), owner=session.stream)


class _Setter:
    """Sets options on a handle. In `work` of a session; each method is named after its option."""

    def __init__(self, session: Session, handle: int) -> None:
        self._session = session
        self._handle = handle

    def set_all(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            # The other of a pair that has one function.
            if name in _SECOND_OF_PAIR:
                first = _SECOND_OF_PAIR[name]
                if first not in values:
                    getattr(self, first)(None, values)
            elif name in _SWITCHES:
                self._call(f"set_{name}", bool(value))
            elif name in _NUMBERS:
                self._call(f"set_{name}", unsigned(name, value, _NUMBERS[name]))
            elif name in _TEXTS:
                self._call(f"set_{name}", None if value is None else _encoded(name, value))
            elif name in _SECONDS:
                limit = 0 if value is None and name in _MAY_BE_NONE else milliseconds(name, value)
                self._call(f"set_{name}", limit)
            elif name in _PAIRS:
                getattr(self, name)(value, values)
            else:
                getattr(self, name)(value)

    def _call(self, function: str, *arguments: Any) -> None:
        try:
            status = getattr(self._session.library, f"ftps_client_{function}")(self._handle, *arguments)
        except ctypes.ArgumentError as error:
            raise InvalidArgument(f"an option has the wrong type, for {function}: {error}") from None
        self._session.check(status)

    def implicit(self, value: bool) -> None:
        self._call("set_security", Security.IMPLICIT if value else Security.EXPLICIT)

    def resumption(self, value: str) -> None:
        self._call("set_resumption", one_of("resumption", value, Resumption))

    def clear_data(self, value: bool) -> None:
        self._call("set_data_protection", DataProtection.CLEAR if value else DataProtection.PRIVATE)

    def minimum_tls(self, value: str | None, values: dict[str, Any]) -> None:
        lowest, highest = value or "1.2", values.get("maximum_tls", "1.3")
        self._call("set_tls_versions", _tls_version(lowest), _tls_version(highest))

    def ca_file(self, value: FilePath | None) -> None:
        if value is not None:
            self._call("add_roots_file", local_path(value))

    def ca_data(self, value: str | bytes | None) -> None:
        if value is not None:
            self._call("add_roots_pem", *_pem(value))

    def crl_data(self, value: str | bytes | None) -> None:
        if value is not None:
            self._call("add_revocation_lists_pem", *_pem(value))

    def pins(self, value: Sequence[str]) -> None:
        for pin in [value] if isinstance(value, str) else value:
            self._call("add_pin_sha256", _encoded("pins", pin))

    def verify(self, value: bool) -> None:
        self._call("set_danger_accept_any_certificate", not value)

    def client_certificate(self, value: FilePath | tuple[FilePath, FilePath] | None) -> None:
        if value is not None:
            chain, key = value if isinstance(value, tuple) else (value, value)
            self._call("set_identity_files", local_path(chain), local_path(key))

    def client_certificate_data(self, value: tuple[str | bytes, str | bytes] | None) -> None:
        if value is not None:
            chain, key = value
            self._call("set_identity_pem", *_pem(chain), *_pem(key))

    def key_log(self, value: FilePath | None) -> None:
        if value is not None:
            self._call("set_key_log", local_path(value))

    def proxy(self, value: str | None) -> None:
        self._call("set_proxy", *_proxy(value))

    def active(self, value: ActiveMode | bool) -> None:
        if not value:
            self._call("set_passive_mode")
            return
        mode = ActiveMode() if value is True else value
        addresses = [address and address.encode() for address in (mode.listen_address, mode.announced_address)]
        ports = [unsigned("active", port, 16) for port in (mode.first_port, mode.last_port)]
        self._call("set_active_mode", *ports, *addresses, mode.trust_any_peer)

    def download_limit(self, value: int | None, values: dict[str, Any]) -> None:
        upload = unsigned("upload_limit", values.get("upload_limit", 0), 64)
        self._call("set_rate_limits", unsigned("download_limit", value or 0, 64), upload)

    def line_ends(self, value: str) -> None:
        self._call("set_line_ends", one_of("line_ends", value, _abi.LineEnds))

    def retry(self, value: Retry | None) -> None:
        retry = value or Retry(attempts=0)
        observer = retry.observer

        def observe(status: int, message: bytes, attempt: int, delay: int, offset: int, _: object) -> int:
            text = message.decode("utf-8", "replace")
            goes_on = observer is None or observer(Attempt(status, text, attempt, delay / 1000, offset))
            return int(goes_on is False)

        callback = self._session.callbacks.put("retry", _abi.ftps_retry, observer and observe, 1)
        delays = [milliseconds("retry", delay) for delay in (retry.first_delay, retry.longest_delay)]
        self._call("set_retry", unsigned("retry", retry.attempts), *delays, callback, None)

    def charset(self, value: str) -> None:
        self._session.names = self._session.names.of(value)
        self._call("set_charset", _encoded("charset", value))

    def listing(self, value: ListingOptions) -> None:
        arguments = value.arguments
        self._call("set_listing", value.command, value.format, arguments and _encoded("listing", arguments))

    def server_clock(self, value: timedelta | None) -> None:
        seconds = 0 if value is None else round(value.total_seconds())
        self._call("set_server_clock", value is not None, seconds)

    def dialogue(self, value: Callable[[bool, str], object] | None) -> None:
        def show(received: int, line: bytes, _: object) -> None:
            assert value is not None
            value(bool(received), line.decode("utf-8", "replace"))

        callback = self._session.callbacks.put("dialogue", _abi.ftps_dialogue, value and show, None)
        self._call("set_dialogue", callback, None)

    def log(self, value: bool | int) -> None:
        logger = logging.getLogger("libftps")

        def show(level: int, line: bytes, _: object) -> None:
            logger.log(_LOG_LEVELS[_abi.LogLevel(level)], "%s", line.decode("utf-8", "replace"))

        level = max((ours for ours, theirs in _LOG_LEVELS.items() if value is True or theirs >= value), default=1)
        callback = self._session.callbacks.put("log", _abi.ftps_log, show if value else None, None)
        self._call("set_log", callback, level, None)


# Options that are set by a function of their name.
_SWITCHES = {
    "relogin",
    "tolerate_missing_close_notify",
    "trust_passive_address",
    "announce_sizes",
    "platform_roots",
}
_NUMBERS = {"port": 16, "tcp_keep_alive": 32, "send_buffer": 64, "receive_buffer": 64}
_TEXTS = {"virtual_host", "bind_address", "server_name"}
_SECONDS = {"connect_timeout", "reply_timeout", "data_timeout", "operation_timeout", "keep_alive"}
_MAY_BE_NONE = {"operation_timeout", "keep_alive"}
_PAIRS = {"minimum_tls", "download_limit"}
_SECOND_OF_PAIR = {"maximum_tls": "minimum_tls", "upload_limit": "download_limit"}
_LOG_LEVELS = {
    _abi.LogLevel.ERROR: logging.ERROR,
    _abi.LogLevel.WARN: logging.WARNING,
    _abi.LogLevel.INFO: logging.INFO,
    _abi.LogLevel.DEBUG: logging.DEBUG,
}


def _encoded(option: str, text: str) -> bytes:
    if "\0" in text:
        raise InvalidArgument(f"{option}: {text!r} has a NUL")
    return text.encode()


def unsigned(option: str, value: int, bits: int = 32) -> int:
    """A number that fits: ctypes would cut it without a word."""
    if not isinstance(value, int) or not 0 <= value < 2**bits:
        raise InvalidArgument(f"{option}: {value!r} is no whole number from 0 to {2**bits - 1}")
    return value


def milliseconds(option: str, seconds: object) -> int:
    """An option of seconds as the library wants it."""
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= 4_000_000:
        raise InvalidArgument(f"{option}: {seconds!r} is no number of seconds that can be waited for")
    # What is not 0 must not become 0, which is no limit or an error.
    return round(seconds * 1000) or int(seconds > 0)


def one_of(option: str, value: str, enum: type[Any]) -> int:
    """The number of a word that stands for a member of an enum: "size-and-time" for SIZE_AND_TIME."""
    try:
        return int(enum[value.upper().replace("-", "_")])
    except (KeyError, AttributeError):
        known = ", ".join(repr(member.name.lower().replace("_", "-")) for member in enum)
        raise InvalidArgument(f"{option}: {value!r} is none of {known}") from None


def _tls_version(text: str) -> int:
    versions = {"1.2": _abi.TlsVersion.VERSION_1_2, "1.3": _abi.TlsVersion.VERSION_1_3}
    if text not in versions:
        raise InvalidArgument(f"{text!r} is no TLS version that there is: '1.2' or '1.3'")
    return versions[text]


def _pem(value: str | bytes) -> tuple[bytes, int]:
    data = value.encode() if isinstance(value, str) else bytes(value)
    return data, len(data)


def _proxy(url: str | None) -> tuple[int, bytes | None, int, bytes | None, bytes | None]:
    if url is None:
        return ProxyKind.NONE, None, 0, None, None
    kinds = {"socks5": (ProxyKind.SOCKS5, 1080), "http": (ProxyKind.HTTP_CONNECT, 3128)}
    try:
        parts = urllib.parse.urlsplit(url)
        kind, default_port = kinds[parts.scheme]
        port = parts.port or default_port
    except (KeyError, ValueError):
        raise InvalidArgument(
            "proxy: write socks5://user:password@host:port or http://user:password@host:port"
        ) from None
    user, password = (
        None if text is None else urllib.parse.unquote(text).encode() for text in (parts.username, parts.password)
    )
    return kind, (parts.hostname or "").encode(), port, user, password
