"""Data connections of `libftps.ftplib`: when a transfer is complete or aborted, and what the caller is told."""

from __future__ import annotations

import contextlib
import csv
import ftplib
import gc
import io
import signal
import socket
import ssl
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from support.servers import StartStrict, StrictServer

import libftps
from libftps.ftplib import FTP_TLS

CONTENT = b"".join(b"line %d\r\n" % number for number in range(60_000))


def logged_in(server: StrictServer, **options: Any) -> FTP_TLS:
    ftps = FTP_TLS(**{"ca_file": server.ca, "timeout": 60, **options})
    ftps.connect(server.host, server.port)
    ftps.login(server.user, server.password)
    return ftps


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    return strict()


@pytest.fixture
def ftps(server: StrictServer) -> Iterator[FTP_TLS]:
    """Logged in, with a file of 700 kB on the server."""
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        yield ftps


def content(ftps: FTP_TLS, name: str) -> bytes:
    pieces: list[bytes] = []
    ftps.retrbinary(f"RETR {name}", pieces.append)
    return b"".join(pieces)


def uploads(server: StrictServer, expected: int) -> None:
    """How many uploads came to their end."""
    assert server.account()["uploads_completed"] == expected


# Complete, or not.


def test_an_upload_that_an_exception_ends_is_aborted(server: StrictServer) -> None:
    with logged_in(server) as ftps:
        with pytest.raises(KeyError), ftps.transfercmd("STOR file") as connection:
            connection.sendall(CONTENT)
            raise KeyError
        with pytest.raises(libftps.WrongState, match="'STOR file' was aborted"):
            ftps.voidresp()
        assert ftps.voidcmd("NOOP").startswith("200")
    uploads(server, 0)


def test_an_upload_that_is_closed_while_an_exception_passes_is_aborted(server: StrictServer) -> None:
    def upload(ftps: FTP_TLS) -> None:
        connection = ftps.transfercmd("STOR file")
        try:
            connection.sendall(CONTENT)
            raise KeyError
        finally:
            connection.close()

    with logged_in(server) as ftps:
        with pytest.raises(KeyError):
            upload(ftps)
        with pytest.raises(libftps.WrongState, match="was aborted"):
            ftps.voidresp()
    uploads(server, 0)


def test_an_upload_that_was_begun_in_a_handler_is_completed_there(server: StrictServer) -> None:
    with logged_in(server) as ftps:
        try:
            raise KeyError
        except KeyError:
            ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        assert content(ftps, "file") == CONTENT
    uploads(server, 1)


def test_an_upload_that_was_begun_in_an_inner_handler_is_completed_in_the_outer_one(server: StrictServer) -> None:
    with logged_in(server) as ftps:
        try:
            raise KeyError
        except KeyError:
            try:
                raise ValueError
            except ValueError:
                connection = ftps.transfercmd("STOR file")
            connection.sendall(CONTENT)
            connection.close()
            ftps.voidresp()
        assert content(ftps, "file") == CONTENT
    uploads(server, 1)


def test_an_upload_that_nobody_holds_any_more_is_aborted(server: StrictServer) -> None:
    with logged_in(server) as ftps:
        connection = ftps.transfercmd("STOR file")
        connection.sendall(CONTENT)
        del connection
        gc.collect()
        assert ftps.voidcmd("NOOP").startswith("200")
    uploads(server, 0)


def test_an_upload_through_a_file_that_nobody_holds_any_more_is_aborted(server: StrictServer) -> None:
    with logged_in(server) as ftps:
        connection = ftps.transfercmd("STOR file")
        file = connection.makefile("wb")
        file.write(b"a part")
        connection.close()
        del connection, file
        gc.collect()
        assert ftps.voidcmd("NOOP").startswith("200")
    uploads(server, 0)


def test_a_source_that_fails_aborts_the_upload(server: StrictServer) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 100_000:
                raise OSError("the disk failed")
            return super().read(size)

    with logged_in(server) as ftps:
        with pytest.raises(OSError, match="the disk failed"):
            ftps.storbinary("STOR file", Failing(CONTENT))
        assert ftps.nlst() is not None
    uploads(server, 0)


def test_a_block_that_ends_with_an_open_upload_raises(server: StrictServer) -> None:
    with pytest.raises(libftps.WrongState, match="was aborted"), logged_in(server) as ftps:
        connection = ftps.transfercmd("STOR file")
        connection.sendall(CONTENT)
    uploads(server, 0)


@pytest.mark.parametrize("action", ["end=no-close-notify", "byte:1000=cut", "byte:1000=reset"])
def test_a_download_that_is_cut_short_is_an_error(strict: StartStrict, action: str) -> None:
    server = strict(fault=f"RETR@{action}")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        with pytest.raises(libftps.ftplib.all_errors):
            content(ftps, "file")


def test_what_came_before_a_failure_is_given_first(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:100000=stall")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        pieces: list[bytes] = []
        ftps.timeout = 0.5
        with pytest.raises(TimeoutError):
            ftps.retrbinary("RETR file", pieces.append)
        assert 0 < len(b"".join(pieces)) <= 100_000
        assert CONTENT.startswith(b"".join(pieces))


def test_a_refusal_at_the_end_of_an_upload_is_an_error_temp_with_the_reply(strict: StartStrict) -> None:
    with logged_in(strict(fault="STOR@final=reply:451 Disk full.")) as ftps:
        with pytest.raises(ftplib.error_temp, match="^451 Disk full.$") as caught:
            ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        assert isinstance(caught.value.__cause__, libftps.Refused)
        assert ftps.voidcmd("NOOP").startswith("200")


def test_a_refusal_at_the_end_of_a_download_is_an_error_temp_with_the_reply(strict: StartStrict) -> None:
    with logged_in(strict(fault="RETR@final=reply:451 Disk failed.")) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        with pytest.raises(ftplib.error_temp, match="^451 Disk failed.$"):
            content(ftps, "file")
        assert ftps.voidcmd("NOOP").startswith("200")


def test_a_refused_upload_raises_when_its_connection_is_closed_and_when_asked_for_the_reply(
    strict: StartStrict,
) -> None:
    server = strict(fault="STOR@final=reply:552 Quota exceeded.")
    with logged_in(server) as ftps:
        connection = ftps.transfercmd("STOR file")
        connection.sendall(b"content")
        for ask in (connection.close, ftps.voidresp):
            with pytest.raises(ftplib.error_perm, match="^552 Quota exceeded.$"):
                ask()


# Parts.


def test_a_download_that_is_closed_before_its_end_leaves_the_connection_usable(ftps: FTP_TLS) -> None:
    ftps.storbinary("STOR large", io.BytesIO(CONTENT * 5))
    connection = ftps.transfercmd("RETR large")
    assert connection.recv(10) == CONTENT[:10]
    connection.close()
    with contextlib.suppress(ftplib.error_temp):
        assert ftps.voidresp().startswith("226")
    assert content(ftps, "file") == CONTENT


def test_the_reply_to_a_download_need_not_be_asked_for(ftps: FTP_TLS) -> None:
    connection = ftps.transfercmd("RETR file")
    connection.recv(10)
    connection.close()
    assert ftps.pwd() == "/"


@pytest.mark.parametrize("attempts", [2, 3])
def test_a_download_that_failed_never_looks_complete(strict: StartStrict, attempts: int) -> None:
    server = strict(fault="RETR@byte:1000=stall")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        connection = ftps.transfercmd("RETR file")
        connection.settimeout(0.3)
        assert connection.recv(10_000)
        for _ in range(attempts):
            with pytest.raises(TimeoutError):
                connection.recv(10_000)
        connection.close()


def test_a_nul_in_a_name_is_refused(ftps: FTP_TLS) -> None:
    for call in (lambda: ftps.transfercmd("RETR file\0name"), lambda: ftps.size("file\0name")):
        with pytest.raises(ValueError, match="NUL"):
            call()


def test_a_download_of_exactly_the_announced_size_is_complete(strict: StartStrict) -> None:
    fault = "RETR#*@reply=reply:150 Opening BINARY mode data connection for file (7 bytes)."
    with logged_in(strict(fault=fault)) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(b"content"))
        connection, size = ftps.ntransfercmd("RETR file")
        assert connection.recv(size or 0) == b"content"
        connection.close()
        assert ftps.voidresp().startswith("226")


@pytest.mark.parametrize("command", ["RETR large", "STOR other"])
def test_abort_gives_a_transfer_up_and_returns_the_reply(ftps: FTP_TLS, command: str) -> None:
    ftps.storbinary("STOR large", io.BytesIO(CONTENT * 5))
    connection = ftps.transfercmd(command)
    if command.startswith("STOR"):
        connection.sendall(CONTENT)
    else:
        connection.recv(10)
    assert ftps.abort()[:3] in ("426", "225", "226")
    with pytest.raises(libftps.Closed):
        connection.recv(10)
    assert content(ftps, "file") == CONTENT


def test_abort_without_a_transfer_asks_the_server(ftps: FTP_TLS) -> None:
    assert ftps.abort()[:3] in ("225", "226")


def test_what_a_server_says_to_abort_may_be_wrong(strict: StartStrict) -> None:
    with logged_in(strict(answer="ABOR=200 What?")) as ftps, pytest.raises(ftplib.error_proto, match="^200 What"):
        ftps.abort()


# One thing at a time.


def test_no_command_is_sent_while_a_data_connection_is_open(ftps: FTP_TLS) -> None:
    connection = ftps.transfercmd("RETR file")
    for call in (lambda: ftps.voidcmd("NOOP"), ftps.voidresp, lambda: ftps.transfercmd("RETR file")):
        with pytest.raises(libftps.WrongState, match="open"):
            call()
    connection.close()
    assert ftps.voidcmd("NOOP").startswith("200")


def test_a_reply_that_is_not_due_is_an_error(ftps: FTP_TLS) -> None:
    with pytest.raises(libftps.WrongState, match="there is no command or transfer"):
        ftps.getresp()


def test_a_download_is_not_sent_to_and_an_upload_not_received_from(ftps: FTP_TLS) -> None:
    with ftps.transfercmd("RETR file") as connection, pytest.raises(libftps.WrongState, match="received, not sent"):
        connection.sendall(b"content")
    with ftps.transfercmd("STOR other") as connection, pytest.raises(libftps.WrongState, match="sent, not received"):
        connection.recv(1)


def test_nothing_can_be_sent_when_the_upload_has_ended(ftps: FTP_TLS) -> None:
    connection = ftps.transfercmd("STOR other")
    connection.sendall(b"content")
    connection.shutdown(socket.SHUT_WR)
    with pytest.raises(libftps.WrongState, match="has ended"):
        connection.sendall(b"more")
    connection.close()
    with pytest.raises(libftps.Closed):
        connection.sendall(b"more")
    assert content(ftps, "other") == b"content"


# After the end.


def test_use_after_close_is_an_error_that_says_so(server: StrictServer) -> None:
    ftps = logged_in(server)
    connection = ftps.transfercmd("NLST")
    ftps.close()
    ftps.close()
    for call in (ftps.pwd, ftps.quit, ftps.abort, ftps.auth, lambda: ftps.transfercmd("NLST"), ftps.getresp):
        with pytest.raises(libftps.Closed, match="call connect"):
            call()
    with pytest.raises(libftps.Error):
        connection.recv(1)
    connection.close()


def test_closing_from_another_thread_ends_a_stalled_download(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:1000=stall")
    ftps = logged_in(server)
    ftps.storbinary("STOR file", io.BytesIO(CONTENT))
    connection = ftps.transfercmd("RETR file")
    timer = threading.Timer(0.3, ftps.close)
    timer.start()
    with pytest.raises(libftps.Error):
        while connection.recv(1000):
            pass
    timer.join()
    assert ftps.sock is None


def test_a_connection_that_the_server_ends_is_an_eof_error(strict: StartStrict) -> None:
    server = strict(fault="NOOP@reply=cut-both")
    ftps = logged_in(server)
    with pytest.raises(EOFError) as caught:
        ftps.voidcmd("NOOP")
    assert isinstance(caught.value, ConnectionResetError)
    assert isinstance(caught.value, libftps.ConnectionLost)
    with pytest.raises(EOFError):
        ftps.voidcmd("NOOP")
    ftps.close()


def test_the_goodbye_of_an_idle_server_is_an_error_temp(strict: StartStrict) -> None:
    ftps = logged_in(strict(answer="NOOP=421 Timeout."))
    with pytest.raises(ftplib.error_temp, match="^421 Timeout.$"):
        ftps.voidcmd("NOOP")
    ftps.close()


def test_an_object_that_nobody_holds_any_more_lets_go_of_its_connection(server: StrictServer) -> None:
    ftps = logged_in(server)
    gone = weakref.ref(ftps)
    del ftps
    assert gone() is None


def test_ctrl_c_ends_a_stalled_download(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:1000=stall")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        timer = threading.Timer(0.3, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            content(ftps, "file")
        timer.join()
        assert content(ftps, "file") == CONTENT


# Timeouts.


def test_a_silent_download_times_out_as_told(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:1000=stall")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        ftps.timeout = 0.3
        with pytest.raises(TimeoutError):
            content(ftps, "file")


def test_a_data_connection_has_a_timeout_of_its_own(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:1000=stall")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        connection = ftps.transfercmd("RETR file")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while connection.recv(1000):
                pass


def test_the_timeout_of_one_data_connection_is_not_that_of_the_next(strict: StartStrict) -> None:
    server = strict(fault="RETR@byte:1000=delay:1000")
    with logged_in(server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        connection = ftps.transfercmd("NLST")
        connection.settimeout(0.3)
        connection.close()
        assert content(ftps, "file") == CONTENT


def test_the_control_connection_has_a_timeout_of_its_own(strict: StartStrict) -> None:
    ftps = logged_in(strict(fault="NOOP@reply=no-reply"))
    assert ftps.sock is not None
    ftps.sock.settimeout(0.3)
    with pytest.raises(TimeoutError):
        ftps.voidcmd("NOOP")
    ftps.close()


def test_the_default_timeout_of_sockets_counts(strict: StartStrict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getdefaulttimeout", lambda: 0.3)
    server = strict(fault="@greeting=stall")
    with pytest.raises(TimeoutError):
        FTP_TLS().connect(server.host, server.port)


def test_without_limit_has_to_be_asked_for(server: StrictServer) -> None:
    with logged_in(server, timeout=None) as ftps:
        assert ftps.nlst() == []


# Files, and what is printed.


def test_files_over_a_data_connection_are_read_after_it_was_closed(ftps: FTP_TLS) -> None:
    connection = ftps.transfercmd("RETR file")
    file = connection.makefile("rb")
    connection.close()
    assert file.read() == CONTENT
    file.close()
    assert ftps.voidresp().startswith("226")


def test_a_text_file_over_a_data_connection_is_written(ftps: FTP_TLS) -> None:
    with (
        ftps.transfercmd("STOR table.csv") as connection,
        connection.makefile("w", encoding="utf-8", newline="") as file,
    ):
        csv.writer(file).writerows([["a", "ä"], ["1", "2"]])
    assert ftps.voidresp().startswith("226")
    assert content(ftps, "table.csv") == "a,ä\r\n1,2\r\n".encode()


def test_an_unbuffered_file_is_raw(ftps: FTP_TLS) -> None:
    with ftps.transfercmd("RETR file") as connection:
        with pytest.raises(ValueError, match="must be binary"):
            connection.makefile("r", 0)
        with pytest.raises(ValueError, match="does not suit"):
            connection.makefile("wb")
        with connection.makefile("rb", 0) as raw:
            assert isinstance(raw, io.RawIOBase)
            assert raw.read(10) == CONTENT[:10]


def test_received_bytes_can_go_into_a_buffer(ftps: FTP_TLS) -> None:
    buffer = bytearray(10)
    with ftps.transfercmd("RETR file") as connection:
        assert connection.recv_into(buffer, 4) == 4
        assert connection.recv_into(memoryview(buffer)[4:]) == 6
        assert connection.read(3) == CONTENT[10:13]
    assert buffer == CONTENT[:10]


def test_the_dialogue_is_printed_without_the_password(server: StrictServer, capsys: pytest.CaptureFixture[str]) -> None:
    ftps = FTP_TLS(ca_file=server.ca, timeout=60)
    ftps.set_debuglevel(2)
    ftps.connect(server.host, server.port)
    ftps.login(server.user, "password")
    ftps.nlst()
    ftps.quit()
    printed = capsys.readouterr().out
    for line in (
        "*resp* '220 strict-server ready'",
        "*cmd* 'AUTH TLS'",
        "*cmd* 'PASS ****'",
        r"*put* 'PASS ****\r\n'",
        r"*get* '230 Login successful.\n'",
        "*cmd* 'TYPE A'",
        "*cmd* 'NLST'",
        "*resp* '221 Goodbye.'",
    ):
        assert line + "\n" in printed
    assert printed.count("*cmd* 'TYPE A'") == 1
    assert printed.count("*resp* '221 Goodbye.'") == 1
    assert "password" not in printed.replace("*cmd* 'USER user'", "")


def test_what_cannot_be_read_in_a_reply_comes_back_as_it_was(strict: StartStrict) -> None:
    with logged_in(strict(latin1=True), encoding="latin-1") as ftps:
        ftps.mkd("größe")
        ftps.cwd("größe")
        ftps.encoding = "utf-8"
        there = ftps.pwd()
        assert there == "/gr\udcf6\udcdfe"
        ftps.cwd("/")
        ftps.cwd(there)
        assert ftps.pwd() == there


def test_tls_errors_are_ssl_errors_too(strict: StartStrict) -> None:
    server = strict(tls="1.2")
    context = ssl.create_default_context(cafile=str(server.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with pytest.raises(ssl.SSLError) as caught:
        FTP_TLS(context=context, timeout=60).connect(server.host, server.port)
    assert isinstance(caught.value, libftps.TlsError)
