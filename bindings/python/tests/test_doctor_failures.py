"""What the doctor says where something is wrong."""

import socket
from pathlib import Path

import pytest
from support.cli import environment, run
from support.doctor import examine, examine_server, listener
from support.servers import StartStrict

AFTER_LOGIN = ["features", "passive addresses", "data connections", "resumption", "listings", "active mode", "uploads"]


def test_a_host_that_does_not_exist() -> None:
    seen = examine("no-such-host.invalid")
    assert (seen.code, seen.problems) == (3, ["name"])
    assert "no-such-host.invalid has no address" in seen.text
    assert set(seen.outcomes().values()) == {"problem", "skipped"}


def test_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    seen = examine(f"127.0.0.1:{port}")
    assert (seen.code, seen.problems) == (3, ["connection"])
    assert "nothing listens on this port" in seen.text


def test_a_server_that_hangs() -> None:
    with listener(lambda connection: None) as port:
        seen = examine("--timeout", "1", f"127.0.0.1:{port}")
    assert (seen.code, seen.problems) == (3, ["connection"])
    assert "takes connections, but says nothing" in seen.text


def test_a_plain_server_that_speaks_no_tls(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(answer=["AUTH=502 Command not implemented."]), tmp_path)
    assert (seen.code, seen.problems) == (3, ["connection"])
    assert "speaks FTP, but no TLS: it answers AUTH TLS with '502 Command not implemented.'" in seen.text


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_another_service_on_the_port(greeting: bytes) -> None:
    with listener(lambda connection: connection.sendall(greeting)) as port:
        seen = examine("--timeout", "2", f"127.0.0.1:{port}")
    assert (seen.code, seen.problems) == (3, ["connection"])
    assert f"what listens on port {port} is no FTP server" in seen.text


def test_a_server_that_turns_connections_away(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(greeting="421 Too many connections."), tmp_path)
    assert (seen.code, seen.problems) == (3, ["connection"])
    assert "turns the connection away: '421 Too many connections.'" in seen.text


def test_an_expired_certificate(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(certificate="expired"), tmp_path)
    facts = seen.finding("certificate")["facts"]
    assert (seen.code, seen.problems, facts["reasons"]) == (3, ["certificate"], ["expired"])
    assert facts["not_after"].startswith("2001-01-01")
    assert f"-> Have it renewed on the server. Until then only --pin {facts['sha256']} helps" in seen.text


def test_a_self_signed_certificate(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(certificate="self-signed", sample_files=True)
    seen = examine_server(server, tmp_path)
    facts = seen.finding("certificate")["facts"]
    assert (seen.code, facts["reasons"], facts["self_signed"]) == (3, ["self-signed"], True)
    assert seen.document["options"]["pins"] == facts["sha256"]
    assert examine_server(server, tmp_path, "--pin", facts["sha256"]).code == 0


def test_a_certificate_for_another_name(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(certificate="other-name", sample_files=True)
    seen = examine_server(server, tmp_path)
    facts = seen.finding("certificate")["facts"]
    assert (seen.code, facts["reasons"], facts["names"]) == (3, ["other name"], ["other.example"])
    assert seen.document["options"]["server_name"] == "other.example"
    assert examine_server(server, tmp_path, "--server-name", "other.example").code == 0


def test_an_authority_that_nobody_trusts(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    seen = examine_server(server, tmp_path, trust=False)
    facts = seen.finding("certificate")["facts"]
    assert (seen.code, facts["reasons"]) == (3, ["unknown issuer"])
    assert "Nobody here trusts CN=libftps strict-server throw-away CA" in seen.text
    assert "--ca-file FILE" in seen.text and f"--pin {facts['sha256']}" in seen.text


def test_the_password_does_not_go_to_a_server_whose_certificate_is_not_trusted(
    strict: StartStrict, tmp_path: Path
) -> None:
    server = strict()
    outcomes = examine_server(server, tmp_path, trust=False).outcomes()
    assert [outcomes[check] for check in ["login", *AFTER_LOGIN]] == ["skipped"] * 8
    assert server.account()["logins"] == 0


def test_a_pin_of_another_certificate(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(), tmp_path, "--pin", "00" * 32)
    assert (seen.code, seen.problems) == (3, ["certificate"])
    assert "it was renewed, or somebody sits in between" in seen.text


def test_a_wrong_password(strict: StartStrict, tmp_path: Path) -> None:
    server = strict()
    server.password = "wrong"
    seen = examine_server(server, tmp_path)
    assert (seen.code, seen.problems) == (3, ["login"])
    assert seen.finding("login")["facts"]["reply_code"] == 530
    assert seen.finding("certificate")["outcome"] == "good"
    assert [seen.outcomes()[check] for check in AFTER_LOGIN] == ["skipped"] * 7


def test_without_a_user_what_needs_none_is_found_out(strict: StartStrict) -> None:
    server = strict()
    seen = examine("--ca-file", server.ca, f"127.0.0.1:{server.port}")
    assert (seen.code, seen.problems) == (0, [])
    assert seen.finding("login")["outcome"] == "note"
    assert "Give --user" in seen.text


def test_without_a_password_what_needs_none_is_found_out(strict: StartStrict) -> None:
    server = strict()
    done = run("doctor", "--ca-file", server.ca, f"ftps://user@127.0.0.1:{server.port}", env=environment())
    assert done.returncode == 0
    assert b"[skipped] login: not looked at: no password was given" in done.stdout


def test_a_server_that_wants_a_client_certificate(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(client_certificate="required", client_out=tmp_path / "client", sample_files=True)
    seen = examine_server(server, tmp_path)
    assert (seen.code, seen.problems) == (3, ["TLS versions"])
    assert "the server wants a certificate of the client" in seen.text and "--cert and --key" in seen.text
    shown = examine_server(server, tmp_path, "--cert", tmp_path / "client.pem", "--key", tmp_path / "client.key")
    assert shown.code == 0


def test_a_server_that_demands_what_it_makes_impossible(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True, tls12_sessions="neither", tickets_at_login=0, tickets_on_downloads=0)
    seen = examine_server(server, tmp_path)
    assert (seen.code, seen.problems) == (1, ["resumption", "resumption"])
    assert "demands resumption, but gives no session that could be resumed" in seen.text
    assert seen.finding("listings")["outcome"] == "skipped"


def test_a_server_whose_tls_1_3_gives_no_tickets_works_with_tls_1_2(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True, tickets_at_login=0, tickets_on_downloads=0)
    seen = examine_server(server, tmp_path)
    assert (seen.code, seen.document["options"]["maximum_tls"]) == (1, "1.2")
    assert seen.finding("listings")["outcome"] == "good"
    assert examine_server(server, tmp_path, "--tls-max", "1.2").code == 0


def test_data_connections_that_do_not_come_through(strict: StartStrict, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = strict(sample_files=True, answer=[f"EPSV=229 Extended Passive Mode (|||{port}|)"])
    seen = examine_server(server, tmp_path, "--active")
    assert (seen.code, seen.problems) == (1, ["data connections"])
    assert "no data connection can be made" in seen.text and "range of passive ports" in seen.text
    assert seen.finding("active mode")["facts"]["works"] is True


def test_transfers_without_close_notify_are_told_and_the_rest_is_looked_at(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True, fault=["#*@end=no-close-notify"])
    seen = examine_server(server, tmp_path)
    assert (seen.code, seen.problems) == (1, ["data connections"])
    assert seen.document["options"]["tolerate_missing_close_notify"] is True
    assert seen.finding("listings")["outcome"] == "good"
    assert examine_server(server, tmp_path, "--tolerate-missing-close-notify").code == 0


def test_a_directory_that_may_not_be_written_to(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(answer=["STOR=553 No."]), tmp_path, "--write-to", "/")
    assert (seen.code, seen.problems) == (1, ["uploads"])
    assert "553 No." in seen.text


def test_a_directory_that_is_not_there_hides_nothing(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(), tmp_path, "-d", "nowhere")
    assert seen.finding("certificate")["outcome"] == "good"
    assert "nowhere" in seen.text and seen.code != 0


def test_options_that_cannot_be_used_are_refused_before_anything_is_sent() -> None:
    done = run("doctor", "--pin", "12", "127.0.0.1:1")
    assert (done.returncode, done.stdout) == (2, b"")
