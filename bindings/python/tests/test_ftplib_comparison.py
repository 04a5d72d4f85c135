"""`libftps.ftplib.FTP_TLS` does what the standard library's does: the same calls on both, each on a server of its own.

The servers take data connections that do not resume; nothing else of the standard library's could be compared.
"""

from __future__ import annotations

import ftplib
import inspect
import io
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.servers import LENIENT, Server, StartStrict

import libftps.ftplib

CONTENT = b"".join(b"line %d\r\n" % number for number in range(5000))
Call = Callable[[Any], object]


class Both:
    """The standard library's client and ours, logged in to two servers that are alike."""

    def __init__(self, stock: ftplib.FTP_TLS, ours: libftps.ftplib.FTP_TLS) -> None:
        self.stock, self.ours = stock, ours

    def same(self, call: Call) -> Any:
        """Makes a call on both, asserts that its outcome is the same, and returns that: a value, or an error's text."""
        expected, got = outcome(call, self.stock), outcome(call, self.ours)
        assert got == expected
        return got[1]


def outcome(call: Call, ftp: ftplib.FTP_TLS) -> tuple[object, object]:
    """What a call returned, or raised; what is no exception of `ftplib` as the class that it is caught by."""
    try:
        return "returned", call(ftp)
    except ftplib.Error as error:
        return type(error), str(error)
    except UnicodeDecodeError as error:
        return type(error), error.object
    except (OSError, EOFError, ValueError) as error:
        return "raised", next(kind for kind in (EOFError, TimeoutError, OSError, ValueError) if isinstance(error, kind))


def log_in(kind: type[ftplib.FTP_TLS], server: Server, **options: Any) -> ftplib.FTP_TLS:
    """A client in the way scripts make it."""
    ftp = kind(context=ssl.create_default_context(cafile=str(server.ca)), timeout=30, **options)
    ftp.connect(server.host, server.port)
    ftp.login(server.user, server.password)
    ftp.prot_p()
    return ftp


StartBoth = Callable[..., Both]


@pytest.fixture
def start_both(strict: StartStrict) -> Iterator[StartBoth]:
    """Starts two servers with the same options, and logs in: `start_both({"latin1": True}, encoding="latin-1")`."""
    started: list[ftplib.FTP_TLS] = []

    def start(server: dict[str, Any] | None = None, **options: Any) -> Both:
        kinds = (ftplib.FTP_TLS, libftps.ftplib.FTP_TLS)
        pair = [log_in(kind, strict(rules=LENIENT, **(server or {})), **options) for kind in kinds]
        started.extend(pair)
        return Both(*pair)  # type: ignore[arg-type]

    yield start
    for ftp in started:
        ftp.close()


@pytest.fixture
def both(start_both: StartBoth) -> Both:
    """Both clients, and in each server a directory with two files."""
    both = start_both()
    both.same(lambda ftp: ftp.mkd("folder"))
    both.same(lambda ftp: ftp.storbinary("STOR folder/content", io.BytesIO(CONTENT)))
    both.same(lambda ftp: ftp.storbinary("STOR folder/empty", io.BytesIO(b"")))
    return both


def collected(command: str, **options: Any) -> Call:
    """Downloads, and returns the reply and what came."""

    def call(ftp: ftplib.FTP_TLS) -> object:
        pieces: list[bytes] = []
        reply = ftp.retrbinary(command, pieces.append, **options)
        return reply, b"".join(pieces)

    return call


# From the connection to the login.


def test_the_greeting_is_returned_and_kept(both: Both) -> None:
    assert both.same(lambda ftp: (ftp.getwelcome(), ftp.welcome))[0].startswith("220")


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_connect_auth_login_and_prot_p_return_the_replies(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict(rules=LENIENT)
    ftp = kind(context=ssl.create_default_context(cafile=str(server.ca)))
    replies = [ftp.connect(server.host, server.port), ftp.auth(), ftp.login("user", "password"), ftp.prot_p()]
    assert [reply[:3] for reply in replies] == ["220", "234", "230", "200"]
    with pytest.raises(ValueError, match="Already using TLS"):
        ftp.auth()
    ftp.quit()


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_wrong_password_is_an_error_perm(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict(rules=LENIENT)
    with kind(context=ssl.create_default_context(cafile=str(server.ca))) as ftp:
        ftp.connect(server.host, server.port)
        with pytest.raises(ftplib.error_perm, match="^530 "):
            ftp.login("user", "wrong")
        assert ftp.login("user", "password").startswith("230")


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_the_login_is_anonymous_by_default(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict("--user", "anonymous:anonymous@", rules=LENIENT)
    with kind(context=ssl.create_default_context(cafile=str(server.ca))) as ftp:
        ftp.connect(server.host, server.port)
        assert ftp.login().startswith("230")


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_server_without_tls_is_an_error_perm(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict(rules=LENIENT, answer="AUTH=502 Not here.")
    ftp = kind(context=ssl.create_default_context(cafile=str(server.ca)))
    with pytest.raises(ftplib.error_perm, match="^502 Not here.$"):
        ftp.connect(server.host, server.port)
        ftp.auth()
    ftp.close()


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_port_where_nobody_listens_is_a_connection_refused_error(
    kind: type[ftplib.FTP_TLS], strict: StartStrict
) -> None:
    server = strict()
    server.account()
    with pytest.raises(ConnectionRefusedError):
        kind(timeout=5).connect(server.host, server.port)


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_an_unknown_host_is_one_of_all_errors(kind: type[ftplib.FTP_TLS]) -> None:
    with pytest.raises(libftps.ftplib.all_errors):
        kind(timeout=5).connect("host.invalid")


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_an_untrusted_certificate_is_an_ssl_error(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server, other = strict(rules=LENIENT), strict(rules=LENIENT)
    ftp = kind(context=ssl.create_default_context(cafile=str(other.ca)))
    with pytest.raises(ssl.SSLCertVerificationError):
        ftp.connect(server.host, server.port)
        ftp.auth()
    ftp.close()


@pytest.mark.parametrize("certificate", ["expired", "self-signed", "other-name"])
@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_certificate_that_is_not_in_order_is_an_ssl_error(
    kind: type[ftplib.FTP_TLS], certificate: str, strict: StartStrict
) -> None:
    server = strict(rules=LENIENT, certificate=certificate)
    ftp = kind(context=ssl.create_default_context(cafile=str(server.ca)))
    with pytest.raises(ssl.SSLCertVerificationError):
        ftp.connect(server.host, server.port)
        ftp.auth()
    ftp.close()


def test_the_timeout_of_the_control_connection_is_told(both: Both) -> None:
    assert both.same(lambda ftp: ftp.sock.gettimeout()) == 30
    both.same(lambda ftp: ftp.sock.settimeout(20))
    assert both.same(lambda ftp: ftp.sock.gettimeout()) == 20


def test_the_timeout_of_a_data_connection_is_that_of_the_object(both: Both) -> None:
    def timeout(ftp: ftplib.FTP_TLS) -> object:
        ftp.timeout = 25
        connection = ftp.transfercmd("NLST")
        told = connection.gettimeout()
        while connection.recv(1000):
            pass
        connection.close()
        return told, ftp.voidresp()

    assert both.same(timeout)[0] == 25


def test_ipv6_works(start_both: StartBoth) -> None:
    both = start_both({"listen": "[::1]:0"})
    both.same(lambda ftp: ftp.storbinary("STOR file", io.BytesIO(CONTENT)))
    assert both.same(collected("RETR file"))[1] == CONTENT


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_timeout_of_zero_is_a_value_error(kind: type[ftplib.FTP_TLS]) -> None:
    with pytest.raises(ValueError, match="timeout=0"):
        kind("127.0.0.1", timeout=0)


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_a_silent_server_is_a_timeout_error(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict(rules=LENIENT, fault="@greeting=stall")
    ftp = kind(timeout=0.5)
    with pytest.raises(TimeoutError):
        ftp.connect(server.host, server.port)
    ftp.close()


@pytest.mark.parametrize("kind", [ftplib.FTP_TLS, libftps.ftplib.FTP_TLS])
def test_one_object_connects_again_after_quit(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict(rules=LENIENT)
    ftp = log_in(kind, server)
    assert ftp.quit().startswith("221")
    assert ftp.connect().startswith("220")
    assert ftp.login("user", "password").startswith("230")
    ftp.quit()


# Commands.


def test_directories_are_made_entered_and_removed(both: Both) -> None:
    assert both.same(lambda ftp: ftp.mkd('a "quoted" name')) == '/a "quoted" name'
    both.same(lambda ftp: ftp.cwd('a "quoted" name'))
    assert both.same(lambda ftp: ftp.pwd()) == '/a "quoted" name'
    both.same(lambda ftp: ftp.cwd(".."))
    both.same(lambda ftp: ftp.cwd(""))
    assert both.same(lambda ftp: ftp.pwd()) == "/"
    both.same(lambda ftp: ftp.rmd('a "quoted" name'))


def test_a_command_without_its_257_gives_an_empty_path(start_both: StartBoth) -> None:
    both = start_both({"answer": ["PWD=250 Here.", "MKD=250 Made."]})
    assert both.same(lambda ftp: (ftp.pwd(), ftp.mkd("new"))) == ("", "")


def test_files_are_measured_renamed_and_deleted(both: Both) -> None:
    assert both.same(lambda ftp: ftp.size("folder/content")) == len(CONTENT)
    both.same(lambda ftp: ftp.rename("folder/content", "folder/moved"))
    both.same(lambda ftp: ftp.delete("folder/moved"))


REFUSED: list[Call] = [
    lambda ftp: ftp.size("nowhere"),
    lambda ftp: ftp.delete("nowhere"),
    lambda ftp: ftp.rename("nowhere", "elsewhere"),
    lambda ftp: ftp.cwd("nowhere"),
    lambda ftp: ftp.mkd("folder"),
    lambda ftp: ftp.rmd("folder"),
    lambda ftp: ftp.voidcmd("XYZZY"),
    lambda ftp: ftp.acct("account"),
    lambda ftp: ftp.retrbinary("RETR nowhere", print),
    lambda ftp: ftp.retrlines("RETR nowhere"),
    lambda ftp: ftp.nlst("nowhere"),
    lambda ftp: ftp.storbinary("STOR nowhere/file", io.BytesIO(b"content")),
    lambda ftp: ftp.storlines("STOR nowhere/file", io.BytesIO(b"content")),
    lambda ftp: ftp.transfercmd("RETR nowhere"),
]


def test_a_refusal_is_an_error_perm_with_the_reply_as_its_text(both: Both) -> None:
    for call in REFUSED:
        assert str(both.same(call)).startswith("5")
        assert both.same(lambda ftp: ftp.pwd()) == "/"


def test_a_temporary_refusal_is_an_error_temp(start_both: StartBoth) -> None:
    both = start_both({"answer": "SIZE=450 Busy."})
    assert both.same(lambda ftp: ftp.size("file")) == "450 Busy."


def test_a_positive_reply_that_is_not_the_expected_one_is_an_error_reply(start_both: StartBoth) -> None:
    both = start_both({"answer": ["NOOP=350 What next?", "DELE=226 Done."]})
    both.same(lambda ftp: ftp.voidcmd("NOOP"))
    both.same(lambda ftp: ftp.delete("file"))


def test_replies_of_several_lines_are_joined_by_line_feeds(both: Both) -> None:
    assert "\n" in both.same(lambda ftp: ftp.sendcmd("FEAT"))


def test_refusals_of_several_lines_are_the_same_text(start_both: StartBoth) -> None:
    both = start_both({"oddity": "codes-inside"})
    both.same(lambda ftp: ftp.sendcmd("CWD nowhere"))
    both.same(lambda ftp: ftp.retrbinary("RETR nowhere", print))


def test_putcmd_and_getresp_are_the_halves_of_sendcmd(both: Both) -> None:
    def halves(ftp: ftplib.FTP_TLS) -> object:
        ftp.putcmd("NOOP")
        return ftp.getresp(), ftp.lastresp

    both.same(halves)


def test_voidcmd_and_lastresp_tell_the_last_reply(both: Both) -> None:
    assert both.same(lambda ftp: (ftp.voidcmd("NOOP"), ftp.lastresp))[1] == "200"


def test_a_line_end_in_a_name_is_a_value_error(both: Both) -> None:
    for name in ("a\r\nDELE folder/content", "a\nb", "a\rb"):
        calls: list[Call] = [
            lambda ftp, name=name: ftp.cwd(name),  # type: ignore[misc]
            lambda ftp, name=name: ftp.sendcmd(f"NOOP {name}"),  # type: ignore[misc]
            lambda ftp, name=name: ftp.retrbinary(f"RETR {name}", print),  # type: ignore[misc]
            lambda ftp, name=name: ftp.storbinary(f"STOR {name}", io.BytesIO(b"x")),  # type: ignore[misc]
            lambda ftp, name=name: ftp.nlst(name),  # type: ignore[misc]
        ]
        for call in calls:
            assert both.same(call) is ValueError
    assert both.same(collected("RETR folder/content"))[1] == CONTENT


def test_a_block_ends_with_quit_and_passes_its_refusal_on(start_both: StartBoth) -> None:
    both = start_both({"answer": "QUIT=550 Not now."})

    def block(ftp: ftplib.FTP_TLS) -> object:
        with ftp:
            return ftp.pwd()

    assert both.same(block) == "550 Not now."
    assert both.same(lambda ftp: ftp.sock) is None


def test_cdup_falls_back_to_cwd(start_both: StartBoth) -> None:
    both = start_both({"answer": "CDUP=500 What?"})
    both.same(lambda ftp: ftp.mkd("folder"))
    both.same(lambda ftp: ftp.cwd("folder"))
    both.same(lambda ftp: ftp.cwd(".."))
    assert both.same(lambda ftp: ftp.pwd()) == "/"


# Transfers.


def test_a_file_comes_back_in_blocks_of_at_most_the_size_asked_for(both: Both) -> None:
    for blocksize in (1, 1000, 8192, 10_000_000):
        blocks: list[bytes] = []
        both.ours.retrbinary("RETR folder/content", blocks.append, blocksize)
        assert max(map(len, blocks)) <= blocksize
        assert both.same(collected("RETR folder/content", blocksize=blocksize))[1] == CONTENT


def test_a_download_begins_at_rest(both: Both) -> None:
    for rest in (0, 1, "20000", len(CONTENT)):
        assert both.same(collected("RETR folder/content", rest=rest))[1] == CONTENT[int(rest) :]


def test_an_upload_begins_at_rest(both: Both) -> None:
    both.same(lambda ftp: ftp.storbinary("STOR folder/content", io.BytesIO(b"there"), rest=6))
    assert both.same(collected("RETR folder/content"))[1].startswith(CONTENT[:6] + b"there")


def test_an_empty_file_comes_back_empty(both: Both) -> None:
    assert both.same(collected("RETR folder/empty"))[1] == b""


def test_an_upload_shows_each_block_to_the_callback(both: Both) -> None:
    def upload(ftp: ftplib.FTP_TLS) -> object:
        blocks: list[bytes] = []
        reply = ftp.storbinary("STOR copy", io.BytesIO(CONTENT), 1000, blocks.append)
        return reply, blocks

    both.same(upload)
    assert both.same(collected("RETR copy"))[1] == CONTENT


def test_appe_appends(both: Both) -> None:
    both.same(lambda ftp: ftp.storbinary("APPE folder/content", io.BytesIO(b"more")))
    assert both.same(lambda ftp: ftp.size("folder/content")) == len(CONTENT) + 4


@pytest.mark.parametrize("text", [b"", b"a\nb\n", b"a\r\nb", b"a\rb\r\n\r\n", b"\xc3\xa4\n"])
def test_lines_are_stored_and_retrieved_the_same(both: Both, text: bytes) -> None:
    def round_trip(ftp: ftplib.FTP_TLS) -> object:
        sent: list[bytes] = []
        lines: list[str] = []
        replies = (
            ftp.storlines("STOR text", io.BytesIO(text), sent.append),
            ftp.retrlines("RETR text", lines.append),
        )
        return replies, sent, lines

    both.same(round_trip)
    both.same(collected("RETR text"))


def test_a_line_that_is_too_long_is_refused(both: Both) -> None:
    def too_long(ftp: ftplib.FTP_TLS) -> object:
        return ftp.storlines("STOR text", io.BytesIO(b"x" * (ftp.maxline + 1)))

    assert "got more than" in both.same(too_long)


def test_directories_are_listed_the_same(both: Both) -> None:
    assert both.same(lambda ftp: sorted(ftp.nlst("folder"))) == ["content", "empty"]
    assert both.same(lambda ftp: ftp.nlst()) == ["folder"]

    def names(ftp: ftplib.FTP_TLS) -> object:
        lines: list[str] = []
        ftp.dir("folder", lines.append)
        return sorted(line.rpartition(" ")[2] for line in lines)

    assert both.same(names) == ["content", "empty"]


def test_dir_prints_where_nothing_takes_the_lines(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    both.ours.dir("folder")
    assert capsys.readouterr().out.count("\n") == 2


@pytest.mark.parametrize("facts", [[], ["type", "size"]])
def test_mlsd_gives_names_with_their_facts(both: Both, facts: list[str]) -> None:
    def listed(ftp: ftplib.FTP_TLS) -> object:
        return sorted((name, entry["type"], entry.get("size")) for name, entry in ftp.mlsd("folder", facts))

    assert ("content", "file", str(len(CONTENT))) in both.same(listed)


def test_a_transfer_over_its_socket_is_the_same(both: Both) -> None:
    def download(ftp: ftplib.FTP_TLS) -> object:
        connection = ftp.transfercmd("RETR folder/content")
        content = b""
        while piece := connection.recv(1000):
            content += piece
        connection.close()
        return content, ftp.voidresp()

    def upload(ftp: ftplib.FTP_TLS) -> object:
        connection = ftp.transfercmd("STOR copy")
        connection.sendall(CONTENT)
        connection.unwrap()  # type: ignore[attr-defined]
        connection.close()
        return ftp.voidresp()

    both.same(download)
    both.same(upload)
    both.same(collected("RETR copy"))


def test_ntransfercmd_tells_the_size_that_the_reply_has(start_both: StartBoth) -> None:
    fault = "RETR#*@reply=reply:150 Opening BINARY mode data connection for file (7 bytes)."
    both = start_both({"fault": fault})
    both.same(lambda ftp: ftp.storbinary("STOR file", io.BytesIO(b"content")))

    def size(ftp: ftplib.FTP_TLS) -> object:
        connection, size = ftp.ntransfercmd("RETR file")
        content = connection.recv(100)
        connection.close()
        return size, content, ftp.voidresp()

    assert both.same(size)[:2] == (7, b"content")


def test_active_mode_is_set_pasv_false(both: Both) -> None:
    both.same(lambda ftp: ftp.set_pasv(False))
    assert both.same(collected("RETR folder/content"))[1] == CONTENT
    both.same(lambda ftp: ftp.set_pasv(True))
    assert both.same(collected("RETR folder/content"))[1] == CONTENT


def test_what_a_callback_raises_reaches_the_caller(both: Both) -> None:
    class OwnError(ValueError):
        pass

    def fail(_: bytes) -> None:
        raise OwnError("from the callback")

    calls: list[Call] = [
        lambda ftp: ftp.retrbinary("RETR folder/content", fail),
        lambda ftp: ftp.retrlines("RETR folder/content", fail),
        lambda ftp: ftp.storbinary("STOR copy", io.BytesIO(CONTENT), callback=fail),
    ]
    for call in calls:
        for ftp in (both.stock, both.ours):
            with pytest.raises(OwnError, match="from the callback"):
                call(ftp)
            ftp.close()
            ftp.connect()
            ftp.login("user", "password")
            ftp.prot_p()


# Names.


def test_names_are_utf_8_by_default(both: Both) -> None:
    both.same(lambda ftp: ftp.storbinary("STOR größe €.txt", io.BytesIO(b"content")))
    assert "größe €.txt" in both.same(lambda ftp: ftp.nlst())
    assert both.same(lambda ftp: ftp.mkd("日本"))
    both.same(lambda ftp: ftp.cwd("日本"))
    assert both.same(lambda ftp: ftp.pwd()) == "/日本"


def test_names_are_in_the_encoding_that_was_asked_for(start_both: StartBoth) -> None:
    both = start_both({"latin1": True}, encoding="latin-1")
    both.same(lambda ftp: ftp.storbinary("STOR größe.txt", io.BytesIO(b"content")))
    assert both.same(lambda ftp: ftp.nlst()) == ["größe.txt"]
    assert both.same(lambda ftp: ftp.mkd("Ordner für alles")) == "/Ordner für alles"


def test_a_listing_that_is_not_in_the_encoding_is_a_unicode_decode_error(start_both: StartBoth) -> None:
    both = start_both({"latin1": True}, encoding="latin-1")
    both.same(lambda ftp: ftp.mkd("größe"))
    for ftp in (both.stock, both.ours):
        ftp.encoding = "utf-8"
    with pytest.raises(UnicodeDecodeError):
        both.stock.nlst()
    with pytest.raises(UnicodeDecodeError):
        both.ours.nlst()


# The module and the class.


@pytest.mark.parametrize("name", [name for name in ftplib.__all__ if name != "FTP_TLS"])
def test_the_module_has_the_names_of_the_standard_one(name: str) -> None:
    assert hasattr(libftps.ftplib, name)


def test_the_exceptions_are_those_of_the_standard_library() -> None:
    for name in ("Error", "error_reply", "error_temp", "error_perm", "error_proto", "all_errors"):
        assert getattr(libftps.ftplib, name) is getattr(ftplib, name)


@pytest.mark.parametrize(
    "method", [name for name, kind in inspect.getmembers(ftplib.FTP_TLS, inspect.isfunction) if name != "__init__"]
)
def test_methods_take_the_arguments_of_the_standard_library(method: str) -> None:
    standard = inspect.signature(getattr(ftplib.FTP_TLS, method)).parameters
    ours = inspect.signature(getattr(libftps.ftplib.FTP_TLS, method)).parameters
    if method == "__exit__":
        assert len(ours) == 4
    else:
        assert list(ours) == list(standard)
        assert [ours[name].default for name in ours] == [standard[name].default for name in standard]


def test_the_class_takes_the_arguments_of_every_version_of_the_standard_library() -> None:
    ours = inspect.signature(libftps.ftplib.FTP_TLS).parameters
    positional = [name for name, parameter in ours.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    assert positional[:4] == ["host", "user", "passwd", "acct"]
    assert positional[4:] == ["keyfile", "certfile", "context", "timeout", "source_address"]
    assert set(inspect.signature(ftplib.FTP_TLS).parameters) <= set(ours)
