"""What the tests need of their servers."""

import ftplib
import ssl

import pytest
from support.servers import (
    FILEZILLA_0_9,
    FILEZILLA_1,
    LENIENT,
    RealServer,
    Server,
    ServerError,
    StartReal,
    StartStrict,
    StrictServer,
)


def stock(server: Server) -> ftplib.FTP_TLS:
    """The standard library's client, whose data connections do not resume."""
    context = ssl.create_default_context(cafile=str(server.ca))
    # From 3.13 on it is set, and asks for a key identifier, which throw-away certificates lack.
    context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
    ftp = ftplib.FTP_TLS(context=context, timeout=60)
    ftp.connect(server.host, server.port)
    ftp.login(server.user, server.password)
    ftp.prot_p()
    return ftp


@pytest.mark.parametrize("rules, reply", [(FILEZILLA_0_9, "450"), (FILEZILLA_1, "425")])
def test_the_strict_server_refuses_what_does_not_resume(strict: StartStrict, rules: dict[str, str], reply: str) -> None:
    server = strict(rules=rules, tls="1.3")
    with stock(server) as ftp, pytest.raises(ftplib.error_temp, match=f"^{reply} .*not resumed"):
        ftp.nlst()
    account = server.account()
    assert (account.logins, account.resumed, account.full, account.refused) == (1, 0, 1, 1)


def test_the_lenient_server_serves_what_does_not_resume(strict: StartStrict) -> None:
    server = strict(rules=LENIENT, sample_files=True)
    with stock(server) as ftp:
        assert ftp.nlst()
    assert server.account().refused == 0


def test_real_servers_refuse_what_does_not_resume(demanding: RealServer) -> None:
    with stock(demanding) as ftp:
        ftp.cwd(demanding.home)
        with pytest.raises(ftplib.Error):
            ftp.nlst()
    account = demanding.account()
    assert (account.logins, account.resumed) == (1, 0)
    assert account.refused + account.full > 0


def test_a_server_that_does_not_start_says_why(strict: StartStrict, real: StartReal) -> None:
    with pytest.raises(ServerError, match="a TLS version is 1.2 or 1.3"):
        real("vsftpd", "1.1")
    with pytest.raises(ServerError, match="unknown option --unheard-of"):
        strict(unheard_of=True)


def test_missing_servers_say_how_to_get_them(real: StartReal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTPS_SERVERS_DIR", "/nonexistent")
    with pytest.raises(ServerError, match="run tests/servers/fetch.sh"):
        real("vsftpd")


def test_a_missing_program_says_how_to_build_it(strict: StartStrict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTPS_TEST_PROGRAMS", "/nonexistent")
    with pytest.raises(ServerError, match="`make python-tests` builds it"):
        strict()


def test_an_ended_server_leaves_nothing_running(strict: StartStrict) -> None:
    server: StrictServer = strict()
    server.account()
    with pytest.raises(ConnectionRefusedError):
        ftplib.FTP(timeout=60).connect(server.host, server.port)
