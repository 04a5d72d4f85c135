"""What the doctor finds at servers that work."""

import re
from pathlib import Path
from typing import Any

import pytest
from support.cli import access, environment, run
from support.doctor import examine, examine_server
from support.servers import FILEZILLA_0_9, FILEZILLA_1, LENIENT, ROOT, StartReal, StartStrict


@pytest.mark.parametrize(
    "rules, reply", [(FILEZILLA_0_9, "450 TLS session"), (FILEZILLA_1, "425 Unable to build data connection")]
)
def test_a_server_that_demands_resumption_is_told_in_both_tls_versions(
    strict: StartStrict, tmp_path: Path, rules: dict[str, Any], reply: str
) -> None:
    seen = examine_server(strict(sample_files=True, rules=rules), tmp_path)
    assert (seen.code, seen.problems) == (0, [])
    facts = [finding["facts"] for finding in seen.findings("resumption")]
    assert [(fact["tls"], fact["demanded"], fact["resumed"], fact["full"]) for fact in facts] == [
        ("1.2", True, 10, 0),
        ("1.3", True, 10, 0),
    ]
    assert f'clients that do not resume get "{reply}' in seen.text
    assert seen.document["options"]["resumption"] == "require"


def test_a_lenient_server_demands_nothing(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(sample_files=True, rules=LENIENT), tmp_path)
    assert [finding["facts"]["demanded"] for finding in seen.findings("resumption")] == [False, False]
    assert "The server does not demand it." in seen.text


@pytest.mark.long
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize("kind", ["vsftpd", "proftpd"])
def test_real_servers_that_demand_resumption_are_told(real: StartReal, tmp_path: Path, kind: str, tls: str) -> None:
    server = real(kind, tls)
    seen = examine_server(server, tmp_path, "-d", server.home, "--write-to", server.home, "--active")
    assert (seen.code, seen.problems) == (0, [])
    [facts] = [finding["facts"] for finding in seen.findings("resumption")]
    assert (facts["tls"], facts["demanded"], facts["resumed"], facts["full"]) == (tls, True, 10, 0)
    assert seen.finding("uploads")["facts"] == {"works": True, "failed": {}, "left_behind": False}
    assert seen.finding("active mode")["facts"]["works"] is True
    assert seen.finding("TLS versions")["facts"]["spoken"] == [tls]


@pytest.mark.long
def test_pure_ftpd_gives_no_tickets_in_tls_1_3_and_does_not_mind(real: StartReal, tmp_path: Path) -> None:
    seen = examine_server(real("pureftpd", "1.3"), tmp_path)
    [finding] = seen.findings("resumption")
    assert (seen.code, finding["outcome"]) == (0, "note")
    assert (finding["facts"]["full"], finding["facts"]["tickets_received"]) == (10, 0)
    assert "10 of 10 data connections did not resume" in seen.text
    assert "resumption" not in seen.document["options"]


@pytest.mark.long
def test_a_server_that_gives_one_ticket_a_login_needs_many_logins(strict: StartStrict, tmp_path: Path) -> None:
    server = strict("--tickets-good-once", sample_files=True, tls="1.3", tickets_at_login=1, tickets_on_downloads=0)
    seen = examine_server(server, tmp_path)
    [finding] = seen.findings("resumption")
    assert (finding["outcome"], finding["facts"]["relogins"]) == ("note", 9)
    assert "needed 9 more logins" in seen.text


def test_implicit_tls_is_found_out(strict: StartStrict, tmp_path: Path) -> None:
    server = strict("--implicit", sample_files=True)
    words = [word for word in access(server, tmp_path) if word != "--implicit"]
    seen = examine("--timeout", "3", *words, server.host)
    assert seen.code == 0
    assert seen.finding("connection")["facts"]["implicit"] is True
    assert seen.document["options"]["implicit"] is True
    assert "libftps ls --user user" in seen.text and "--implicit" in seen.document["snippets"]["command line"]


def test_tls_1_2_alone_is_told(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(sample_files=True, tls="1.2"), tmp_path)
    assert seen.code == 0
    assert seen.finding("TLS versions")["facts"]["spoken"] == ["1.2"]
    assert [finding["facts"]["tls"] for finding in seen.findings("resumption")] == ["1.2"]
    assert "TLS 1.2 alone" in seen.text


def test_listings_as_iis_has_them_are_told(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(sample_files=True, listing="dos", feature=["UTF8"], syst="215 Windows_NT"), tmp_path)
    facts = seen.finding("listings")["facts"]
    assert (facts["command"], facts["style"], facts["entries"], facts["unparsed"]) == ("LIST", "dos", 3, [])
    assert facts["times_in_utc"] is False
    assert 'LIST: DOS ("dir", IIS), 3 entries' in seen.text and "Windows_NT" in seen.text
    assert "MLST" in seen.finding("features")["facts"]["missing"]


def test_lines_that_are_not_understood_are_shown(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"-rw-r--r-- 1 a b 5 Jan  1 2020 known\r\nwhat is \x1b[2J this\r\n")
    seen = examine_server(strict(raw_listing=lines, feature=["UTF8"]), tmp_path)
    finding = seen.finding("listings")
    assert finding["outcome"] == "warning"
    assert finding["facts"]["unparsed"] == ["what is \x1b[2J this"]
    assert "1 lines not understood: 'what is \\x1b[2J this'" in seen.text


def test_names_in_an_old_character_set_are_told(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"-rw-r--r-- 1 a b 5 Jan  1 2020 caf\xe9\r\n")
    seen = examine_server(strict(raw_listing=lines, feature=["SIZE"]), tmp_path)
    assert "'café'" in seen.text
    assert seen.document["options"]["charset"] == "windows-1252"


def test_an_inner_address_in_pasv_is_told(strict: StartStrict, tmp_path: Path) -> None:
    seen = examine_server(strict(sample_files=True, pasv_address="10.1.2.3"), tmp_path)
    finding = seen.finding("passive addresses")
    assert (seen.code, finding["outcome"], finding["facts"]["address"]) == (0, "note", "10.1.2.3")
    assert "behind a NAT" in seen.text


def test_hashes_and_features_are_told(strict: StartStrict, tmp_path: Path) -> None:
    facts = examine_server(strict(sample_files=True, hashes="hash"), tmp_path).finding("features")["facts"]
    assert "sha256" in facts["hashes"]
    assert (facts["utf8"], facts["restart"], facts["sets_times"]) == (True, True, True)


def test_nothing_is_written_unless_a_folder_is_named(strict: StartStrict, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    server = strict(root=root)
    assert examine_server(server, tmp_path).finding("uploads")["outcome"] == "note"
    written = examine_server(server, tmp_path, "--write-to", "in")
    assert written.finding("uploads")["facts"]["works"] is True
    assert list((root / "in").iterdir()) == []


def test_what_fails_of_an_upload_is_told_by_name(strict: StartStrict, tmp_path: Path) -> None:
    server = strict("--no-upload-restart", answer=["APPE=550 No appending."])
    finding = examine_server(server, tmp_path, "--write-to", "/").finding("uploads")
    assert finding["outcome"] == "note"
    assert set(finding["facts"]["failed"]) == {"append (APPE)", "upload from the middle (REST, STOR)"}


def test_the_snippets_are_in_four_languages(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    snippets = examine_server(server, tmp_path).document["snippets"]
    assert list(snippets) == ["command line", "Python", "C", "Java"]
    assert f'ca_file="{server.ca}", port={server.port}, resumption="require"' in snippets["Python"]
    assert f'ftps_client_add_roots_file(client, "{server.ca}");' in snippets["C"]
    assert ".resumption(ResumptionPolicy.REQUIRE)" in snippets["Java"]
    words = snippets["command line"].split()[1:]
    assert run(*words, env=environment(FTPS_PASSWORD=server.password)).stdout == b"empty.dat\nfolder/\nhello.txt\n"


def test_the_python_snippet_works(strict: StartStrict, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import libftps

    server = strict(sample_files=True)
    snippet = examine_server(server, tmp_path).document["snippets"]["Python"]
    exec(snippet, {"libftps": libftps, "password": server.password})
    assert "hello.txt" in capsys.readouterr().out


def test_the_options_in_the_json_are_those_of_a_client(strict: StartStrict, tmp_path: Path) -> None:
    import libftps

    server = strict(sample_files=True, certificate="self-signed")
    options = examine_server(server, tmp_path, trust=False).document["options"]
    with libftps.Client(server.host, server.user, server.password, **options) as client:
        assert client.exists("hello.txt")


def test_verbose_shows_the_dialogue_without_the_password(strict: StartStrict, tmp_path: Path) -> None:
    done = run("doctor", "-v", *access(strict(), tmp_path), "127.0.0.1")
    assert b"\n> AUTH TLS\n" in done.stderr and b"\n< 234 " in done.stderr
    assert b"> PASS password" not in done.stderr


def test_the_report_in_the_readme_has_the_shape_of_a_report(strict: StartStrict, tmp_path: Path) -> None:
    readme = (ROOT / "bindings/python/README.md").read_text()
    [shown] = [block for block in readme.split("```") if "[ok]      name: " in block]
    server = strict(sample_files=True, rules=FILEZILLA_1)
    made = run("doctor", *access(server, tmp_path), server.host).stdout.decode()
    assert shape(made) == shape(shown)


def shape(report: str) -> list[str]:
    """What begins its lines: outcomes with their checks, and headings."""
    return re.findall(r"^(?:\[.*?\] +[^:]+|\w[^:\n]*[:.]$)", report, re.MULTILINE)
