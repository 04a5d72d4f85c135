"""What scripts do with `ftplib.FTP_TLS` works on servers that refuse the standard library's."""

from __future__ import annotations

import ftplib
import io
import ssl
from pathlib import Path
from typing import Any

import pytest
from support.servers import FILEZILLA_0_9, FILEZILLA_1, TLS_VERSIONS, RealServer, Server, StartReal, StartStrict

from libftps.ftplib import FTP_TLS

CONTENT = bytes(range(256)) * 1000


def ordinary_script(server: Server) -> None:
    """Written for the standard library, but for the import."""
    ftps = FTP_TLS(context=ssl.create_default_context(cafile=str(server.ca)), timeout=60)
    ftps.connect(server.host, server.port)
    ftps.login(server.user, server.password)
    ftps.prot_p()
    ftps.cwd(server.home)
    ftps.mkd("inbox")
    ftps.cwd("inbox")
    for number in range(5):
        ftps.storbinary(f"STOR {number}.bin", io.BytesIO(CONTENT))
    ftps.storlines("STOR notes.txt", io.BytesIO(b"first\nsecond\n"))
    assert sorted(ftps.nlst()) == ["0.bin", "1.bin", "2.bin", "3.bin", "4.bin", "notes.txt"]
    lines: list[str] = []
    ftps.retrlines("RETR notes.txt", lines.append)
    assert lines == ["first", "second"]
    for number in range(5):
        pieces: list[bytes] = []
        assert ftps.retrbinary(f"RETR {number}.bin", pieces.append).startswith("226")
        assert b"".join(pieces) == CONTENT
        ftps.delete(f"{number}.bin")
    ftps.delete("notes.txt")
    ftps.cwd("..")
    ftps.rmd("inbox")
    assert ftps.quit().startswith("221")


@pytest.mark.parametrize("tls", TLS_VERSIONS)
@pytest.mark.parametrize("rules", [FILEZILLA_0_9, FILEZILLA_1])
def test_strict_servers_serve_an_ordinary_script(strict: StartStrict, rules: dict[str, object], tls: str) -> None:
    server = strict(rules=rules, tls=tls)
    ordinary_script(server)
    account = server.account()
    assert (account.logins, account.resumed, account.full, account.refused) == (1, 13, 0, 0)


def test_real_servers_serve_an_ordinary_script(demanding: RealServer) -> None:
    ordinary_script(demanding)
    account = demanding.account()
    assert (account.logins, account.full, account.refused) == (1, 0, 0)
    assert account.resumed == 13


@pytest.mark.parametrize("tls", TLS_VERSIONS)
def test_the_look_alike_of_filezilla_server_serves_an_ordinary_script(real: StartReal, tls: str) -> None:
    server = real("filezilla", tls)
    ordinary_script(server)
    assert server.account().refused == 0


def test_a_data_connection_that_is_not_resumed_is_refused_under_require(strict: StartStrict) -> None:
    server = strict(tls="1.3", resumption="none", tickets_at_login="0")
    with server_login(server, resumption="require") as ftps, pytest.raises(ftplib.all_errors, match="resum"):
        ftps.nlst()


def test_data_connections_tell_that_they_are_resumed(strict: StartStrict) -> None:
    server = strict(sample_files=True)
    with server_login(server) as ftps:
        connection = ftps.transfercmd("NLST")
        assert connection.session_reused
        assert connection.version() == "TLSv1.3"
        connection.close()


def test_implicit_tls_is_an_option(strict: StartStrict) -> None:
    server = strict("--implicit")
    with server_login(server, implicit=True) as ftps:
        assert ftps.nlst() == []
        with pytest.raises(ValueError, match="Already using TLS"):
            ftps.auth()
    assert server.account().resumed == 1


def test_a_port_of_the_class_counts(strict: StartStrict) -> None:
    server = strict()

    class Local(FTP_TLS):
        port = server.port

    ftps = Local(server.host, server.user, server.password, ca_file=server.ca, timeout=60)
    assert ftps.nlst() == []
    ftps.quit()


@pytest.mark.parametrize(
    "options, port", [({}, 21), ({"implicit": True}, 990), ({"port": 2121}, 2121), ({"port": 21, "implicit": True}, 21)]
)
def test_the_port_follows_from_the_options(options: dict[str, Any], port: int) -> None:
    assert FTP_TLS(**options).port == port


def test_the_address_in_the_reply_to_pasv_is_not_followed_unless_trusted(strict: StartStrict) -> None:
    server = strict(answer="EPSV=500 What?", pasv_address="127.0.0.2")
    with server_login(server) as ftps:
        assert ftps.nlst() == []

    class Trusting(FTP_TLS):
        trust_server_pasv_ipv4_address = True

    with Trusting(ca_file=server.ca, timeout=60) as trusting:
        trusting.connect(server.host, server.port)
        trusting.login(server.user, server.password)
        with pytest.raises(ftplib.all_errors, match=r"127\.0\.0\.2"):
            trusting.nlst()


def test_one_object_transfers_after_it_connected_again(strict: StartStrict) -> None:
    server = strict()
    ftps = server_login(server)
    ftps.quit()
    ftps.connect()
    ftps.login(server.user, server.password)
    assert ftps.nlst() == []
    ftps.quit()
    assert server.account().logins == 2


def test_connecting_anew_closes_the_connection_before(strict: StartStrict) -> None:
    server = strict()
    ftps = server_login(server)
    first = ftps.sock
    ftps.connect()
    assert first is not None
    assert first.client.closed
    ftps.close()


def test_the_command_channel_can_be_cleared(strict: StartStrict) -> None:
    server = strict(clear_control=True)
    with server_login(server) as ftps:
        assert ftps.ccc().startswith("200")
        assert ftps.nlst() == []
        with pytest.raises(ValueError, match="not using TLS"):
            ftps.ccc()
    assert server.account().resumed == 1


def test_data_connections_in_clear_have_to_be_asked_for(strict: StartStrict) -> None:
    server = strict(resumption="none")
    with server_login(server) as ftps:
        with pytest.raises(ValueError, match="clear_data=True"):
            ftps.prot_c()
        with pytest.raises(ValueError, match="clear_data=True"):
            ftps.sendcmd("PROT C")
        assert ftps.nlst() == []
    with server_login(server, clear_data=True) as ftps:
        assert ftps.prot_c().startswith("200")
        with pytest.raises(ValueError, match="clear_data=True"):
            ftps.prot_p()
        assert ftps.nlst() == []
    assert server.account().full + server.account().resumed == 1


def test_login_without_tls_is_protected_all_the_same(strict: StartStrict) -> None:
    server = strict(require_tls=True)
    ftps = FTP_TLS(timeout=60, ca_file=server.ca)
    ftps.connect(server.host, server.port)
    assert ftps.login(server.user, server.password, secure=False).startswith("230")
    ftps.quit()


def test_the_certificate_is_verified_by_default(strict: StartStrict) -> None:
    server = strict()
    with pytest.raises(ssl.SSLCertVerificationError):
        FTP_TLS(timeout=60).connect(server.host, server.port)
    unverified = FTP_TLS(timeout=60, verify=False)
    unverified.connect(server.host, server.port)
    unverified.quit()


def test_a_client_certificate_is_certfile_and_keyfile(strict: StartStrict, tmp_path: Path) -> None:
    server = strict("--client-out", str(tmp_path / "client"), client_certificate="required")
    with server_login(server, certfile=tmp_path / "client.pem", keyfile=tmp_path / "client.key") as ftps:
        assert ftps.nlst() == []


def server_login(server: Server, **options: object) -> FTP_TLS:
    """Connected and logged in."""
    ftps = FTP_TLS(timeout=60, **{"ca_file": server.ca, "platform_roots": False, **options})  # type: ignore[arg-type]
    ftps.connect(server.host, server.port)
    ftps.login(server.user, server.password)
    return ftps
