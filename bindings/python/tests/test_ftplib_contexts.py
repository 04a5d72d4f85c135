"""What `libftps.ftplib.FTP_TLS` takes from an `ssl.SSLContext`, and what it refuses."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from support.servers import StartStrict, StrictServer

import libftps
from libftps._ftplib.context import options_of
from libftps.ftplib import FTP_TLS


def connected(server: StrictServer, **options: Any) -> FTP_TLS:
    ftps = FTP_TLS(timeout=60, **options)
    ftps.connect(server.host, server.port)
    return ftps


def version_with(server: StrictServer, context: ssl.SSLContext) -> str | None:
    with connected(server, context=context) as ftps:
        assert ftps.sock is not None
        return ftps.sock.version()


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    return strict()


def test_the_authorities_of_a_context_are_trusted_and_no_others(server: StrictServer, strict: StartStrict) -> None:
    context = ssl.create_default_context(cafile=str(server.ca))
    connected(server, context=context).quit()
    with pytest.raises(libftps.CertificateError):
        connected(strict(), context=context)
    assert options_of(context, with_platform_roots=False)["platform_roots"] is False


def test_authorities_can_be_added_to_the_context_of_the_object(server: StrictServer) -> None:
    ftps = FTP_TLS(timeout=60)
    ftps.context.load_verify_locations(server.ca)
    ftps.connect(server.host, server.port)
    ftps.quit()


def test_a_context_that_lists_no_authorities_trusts_the_platform() -> None:
    options = options_of(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), with_platform_roots=False)
    assert options["platform_roots"] is True
    assert "ca_data" not in options


def test_a_context_that_does_not_verify_takes_any_certificate(server: StrictServer) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connected(server, context=context).quit()


def test_the_context_that_counts_is_the_one_at_the_time_of_connecting(server: StrictServer) -> None:
    ftps = FTP_TLS(timeout=60)
    ftps.context = ssl.create_default_context(cafile=str(server.ca))
    ftps.connect(server.host, server.port)
    ftps.quit()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_versions_of_a_context_are_kept_to(server: StrictServer) -> None:
    def context() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(server.ca))

    assert version_with(server, context()) == "TLSv1.3"
    at_most = context()
    at_most.maximum_version = ssl.TLSVersion.TLSv1_2
    assert version_with(server, at_most) == "TLSv1.2"
    without = context()
    without.options |= ssl.OP_NO_TLSv1_3
    assert version_with(server, without) == "TLSv1.2"
    at_least = context()
    at_least.minimum_version = ssl.TLSVersion.TLSv1_3
    assert options_of(at_least, with_platform_roots=False)["minimum_tls"] == "1.3"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_protocol_of_one_version_is_kept_to(server: StrictServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
    assert version_with(server, context) == "TLSv1.2"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_versions_that_libftps_does_not_have_are_refused() -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    for context in (old, ssl.SSLContext(ssl.PROTOCOL_TLSv1)):
        with pytest.raises(ValueError, match="neither TLS 1.2 nor TLS 1.3"):
            FTP_TLS("127.0.0.1", context=context)


def test_a_context_for_servers_is_refused() -> None:
    with pytest.raises(ValueError, match="make one with PROTOCOL_TLS_CLIENT"):
        FTP_TLS("127.0.0.1", context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


def test_verifying_without_the_host_name_is_refused(server: StrictServer) -> None:
    context = ssl.create_default_context(cafile=str(server.ca))
    context.check_hostname = False
    with pytest.raises(ValueError, match="pass server_name="):
        FTP_TLS("127.0.0.1", context=context)


def test_trusted_certificates_that_cannot_be_read_are_refused(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(certificate="valid")
    leaf = tmp_path / "leaf.pem"
    with socket.create_connection((server.host, server.port)) as control:
        leaf.write_text(certificate_after_auth(control))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(leaf)
    with pytest.raises(ValueError, match="ca_file='their file'"):
        FTP_TLS("127.0.0.1", context=context)


def certificate_after_auth(control: socket.socket) -> str:
    """The server's certificate, PEM."""
    control.recv(1000)
    control.sendall(b"AUTH TLS\r\n")
    control.recv(1000)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with context.wrap_socket(control) as tls:
        der = tls.getpeercert(binary_form=True)
    assert der is not None
    return ssl.DER_cert_to_PEM_cert(der)


def test_the_key_log_of_a_context_is_written(server: StrictServer, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(server.ca))
    context.keylog_filename = str(tmp_path / "keys")
    connected(server, context=context).quit()
    assert "CLIENT_TRAFFIC_SECRET_0" in (tmp_path / "keys").read_text()


def test_options_go_before_what_a_context_says(server: StrictServer) -> None:
    context = ssl.create_default_context()
    connected(server, context=context, ca_file=server.ca, platform_roots=False).quit()


def test_a_context_and_a_certfile_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="exclude each other"):
        FTP_TLS(context=ssl.create_default_context(), certfile="client.pem")
    with pytest.raises(ValueError, match="keyfile needs a certfile"):
        FTP_TLS(keyfile="client.key")


@pytest.mark.parametrize("name", ["charset", "dialogue", "bind_address"])
def test_options_that_have_an_argument_of_their_own_are_refused(name: str) -> None:
    options: Any = {name: "utf-8"}
    with pytest.raises(TypeError, match=f"no option '{name}': use "):
        FTP_TLS(**options)


def test_an_unknown_option_is_a_type_error(server: StrictServer) -> None:
    options: Any = {"unheard_of": 1}
    with pytest.raises(TypeError, match="unheard_of"):
        connected(server, **options)


def test_source_address_is_where_connections_come_from(server: StrictServer) -> None:
    with connected(server, ca_file=server.ca, source_address=("127.0.0.2", 0)) as ftps:
        ftps.login(server.user, server.password)
        assert ftps.nlst() == []
    with pytest.raises(ValueError, match="not to a port"):
        connected(server, source_address=("127.0.0.1", 4321))
