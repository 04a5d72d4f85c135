"""Subclasses of `ftplib.FTP_TLS` that are passed around work unchanged, or fail with an error that says what to do."""

from __future__ import annotations

import ftplib as standard
import io
import ssl
from typing import Any

import pytest
from support.servers import StartStrict, StrictServer

import libftps.ftplib as ftplib

CONTENT = b"content" * 1000


class SharesSession(ftplib.FTP_TLS):
    """Explicit FTPS with a shared TLS session: the best known one."""

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            me: Any = self
            conn = me.context.wrap_socket(conn, server_hostname=self.host, session=me.sock.session)
        return conn, size


class SharesSessionBySuper(ftplib.FTP_TLS):
    """The same by `super`."""

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        conn, size = super(ftplib.FTP_TLS, self).ntransfercmd(cmd, rest)
        if self._prot_p:
            me: Any = self
            conn = me.context.wrap_socket(conn, server_hostname=self.host, session=me.sock.session)
        return conn, size


class WrapsAlways(ftplib.FTP_TLS):
    """The same without a look at `_prot_p`."""

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        context: Any = self.context
        return context.wrap_socket(conn, server_hostname=self.host), size


class CallsTheStandardOne(ftplib.FTP_TLS):
    """The same where only one of two imports was changed."""

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        return standard.FTP.ntransfercmd(self, cmd, rest)


class BehindNat(ftplib.FTP_TLS):
    """Replaces the address in the reply to PASV."""

    def makepasv(self) -> Any:
        address: Any = super().makepasv()
        return self.host, address[1]


class EndsUploadsAbruptly(ftplib.FTP_TLS):
    """For servers that do not answer the end of TLS."""

    def storbinary(
        self, cmd: str, fp: Any, blocksize: int = 8192, callback: Any = None, rest: int | str | None = None
    ) -> str:
        self.voidcmd("TYPE I")
        with self.transfercmd(cmd, rest) as conn:
            while True:
                buf = fp.read(blocksize)
                if not buf:
                    break
                conn.sendall(buf)
                if callback:
                    callback(buf)
            if isinstance(conn, ssl.SSLSocket):
                pass
        return self.voidresp()


class Implicit(ftplib.FTP_TLS):
    """TLS from the first byte, by wrapping the socket when it is set."""

    _sock: Any = None

    @property
    def sock(self) -> Any:
        return self._sock

    @sock.setter
    def sock(self, value: Any) -> None:
        if value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value)
        self._sock = value


def logged_in(kind: type[ftplib.FTP_TLS], server: StrictServer) -> ftplib.FTP_TLS:
    ftps = kind(context=ssl.create_default_context(cafile=str(server.ca)), timeout=60)
    ftps.connect(server.host, server.port)
    ftps.login(server.user, server.password)
    ftps.prot_p()
    return ftps


@pytest.mark.parametrize("kind", [SharesSession, SharesSessionBySuper, BehindNat, EndsUploadsAbruptly])
def test_recipes_go_on_working(kind: type[ftplib.FTP_TLS], strict: StartStrict) -> None:
    server = strict()
    with logged_in(kind, server) as ftps:
        ftps.storbinary("STOR file", io.BytesIO(CONTENT))
        pieces: list[bytes] = []
        ftps.retrbinary("RETR file", pieces.append)
        assert b"".join(pieces) == CONTENT
    account = server.account()
    assert (account.resumed, account.full, account.refused) == (2, 0, 0)


def test_wrapping_a_data_connection_says_that_it_is_not_needed(strict: StartStrict) -> None:
    with logged_in(WrapsAlways, strict()) as ftps:
        with pytest.raises(AttributeError, match="Code that wraps sockets or hands sessions over can be left out"):
            ftps.nlst()
        assert ftps.pwd() == "/"


def test_the_session_of_the_control_connection_cannot_be_taken(strict: StartStrict) -> None:
    with logged_in(ftplib.FTP_TLS, strict()) as ftps:
        with pytest.raises(AttributeError, match="every data connection resumes the control connection's session"):
            _ = ftps.sock.session_to_reuse  # type: ignore[union-attr]
        assert not hasattr(ftps.sock, "getpeercert")


@pytest.mark.parametrize("passive", [True, False])
def test_the_standard_ntransfercmd_says_that_it_cannot_be_used(strict: StartStrict, passive: bool) -> None:
    with logged_in(CallsTheStandardOne, strict()) as ftps:
        ftps.set_pasv(passive)
        with pytest.raises(NotImplementedError, match="libftps makes data connections itself"):
            ftps.nlst()
        assert ftps.pwd() == "/"


def test_wrapping_the_control_connection_says_which_option_is_for_that(strict: StartStrict) -> None:
    server = strict("--implicit")
    ftps = Implicit(context=ssl.create_default_context(cafile=str(server.ca)), timeout=60, implicit=True)
    with pytest.raises(AttributeError, match="implicit=True"):
        ftps.connect(server.host, server.port)


def test_the_class_without_tls_says_what_to_use() -> None:
    with pytest.raises(NotImplementedError, match="use libftps.ftplib.FTP_TLS"):
        ftplib.FTP("127.0.0.1")


def test_ftpcp_says_what_to_do(strict: StartStrict) -> None:
    server = strict()
    with logged_in(ftplib.FTP_TLS, server) as source, logged_in(ftplib.FTP_TLS, server) as target:
        with pytest.raises(NotImplementedError, match="download the file and upload it"):
            ftplib.ftpcp(source, "file", target)
        assert source.nlst() == []


def test_bare_commands_that_would_break_the_connection_are_not_sent(strict: StartStrict) -> None:
    remedies = {
        "AUTH TLS": "leave it out",
        "ccc": "call ccc",
        "RETR file": "retrbinary",
        "stor file": "storbinary",
    }
    with logged_in(ftplib.FTP_TLS, strict()) as ftps:
        for command, remedy in remedies.items():
            with pytest.raises(NotImplementedError, match=remedy):
                ftps.sendcmd(command)
        assert ftps.nlst() == []


def test_other_bare_commands_are_sent(strict: StartStrict) -> None:
    server = strict()
    with logged_in(ftplib.FTP_TLS, server) as ftps:
        for command in ("PASV", "EPSV", "PBSZ 0", "PROT P", "OPTS UTF8 ON", "TYPE I", "SYST"):
            assert ftps.sendcmd(command)[0] == "2"
            assert ftps.nlst() == []
    assert server.account().refused == 0
