"""Who logs in, what the command line may look like, and which exit codes tell what went wrong."""

import os
import pty
from pathlib import Path

import pytest
from support.cli import access, command, environment, run
from support.servers import Server, StartStrict


def test_the_password_comes_from_the_environment(strict: StartStrict) -> None:
    server = strict(sample_files=True)
    assert logs_in(server, environment(FTPS_PASSWORD="password"), "--user", "user")


def test_user_and_password_come_from_netrc(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {server.host} login user password password\n")
    assert logs_in(server, environment(NETRC=str(netrc)))
    assert not logs_in(server, environment(NETRC=str(netrc)), "--user", "somebody-else")


def test_a_password_in_the_url_is_taken_with_a_warning(strict: StartStrict) -> None:
    server = strict(sample_files=True)
    done = run("ls", "--ca-file", server.ca, f"ftps://user:password@{server.host}:{server.port}/")
    assert done.returncode == 0
    assert b"WARNING: a password on the command line" in done.stderr


def test_the_password_is_asked_for_on_the_terminal_without_echo(strict: StartStrict) -> None:
    server = strict(sample_files=True)
    status, output = on_terminal(
        command("ls", "--ca-file", server.ca, f"ftps://user@{server.host}:{server.port}"),
        b"Password of user",
        b"password\n",
    )
    assert status == 0
    assert b"hello.txt" in output and b"password" not in output.replace(b"Password", b"")


def test_without_terminal_and_password_it_says_where_one_may_be(strict: StartStrict) -> None:
    server = strict()
    done = run("ls", "--ca-file", server.ca, f"ftps://user@{server.host}:{server.port}")
    assert done.returncode == 3
    assert b"set FTPS_PASSWORD, name a --password-file, or write ~/.netrc" in done.stderr


def test_a_wrong_password_is_no_session(strict: StartStrict) -> None:
    server = strict()
    done = run(
        "ls", "--ca-file", server.ca, "-u", "user", "-p", server.port, server.host, env=environment(FTPS_PASSWORD="x")
    )
    assert done.returncode == 3
    assert b"the login was refused: 530" in done.stderr and b"hint: check --user" in done.stderr


def test_an_untrusted_certificate_is_no_session_and_the_pin_it_names_helps(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    words = ["ls", *access(server, tmp_path, trust=False), server.host]
    done = run(*words)
    assert done.returncode == 3 and b"hint:" in done.stderr
    pin = done.stderr.decode().split("its SHA-256 is ")[1][:64]
    assert run(*words, "--pin", pin).returncode == 0


def test_insecure_accepts_any_certificate_with_a_warning(strict: StartStrict, tmp_path: Path) -> None:
    server = strict(sample_files=True)
    done = run("ls", "--insecure", *access(server, tmp_path, trust=False), server.host)
    assert done.returncode == 0 and b"WARNING: --insecure" in done.stderr


def test_a_server_that_is_not_there_is_no_session() -> None:
    done = run("ls", "127.0.0.1:1")
    assert done.returncode == 3 and b"hint: check the host" in done.stderr


def test_implicit_tls(strict: StartStrict, tmp_path: Path) -> None:
    server = strict("--implicit", sample_files=True)
    assert run("ls", *access(server, tmp_path), server.host).returncode == 0


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["ls"], b"required: SERVER"),
        (["ls", "http://host"], b"only ftps://, ftpes:// and ftp://"),
        (["ls", "host:0"], b"'0' is no port"),
        (["ls", "ftps://a%zz@host"], b"malformed %-escape"),
        (["ls", "--key", "k", "host"], b"--key needs --cert"),
        (["ls", "--pin", "12", "host"], b"64 hexadecimal digits"),
        (["ls", "--tls-min", "1.3", "--tls-max", "1.2", "host"], b"TLS"),
        (["ls", "--proxy", "host:1", "host"], b"proxy: write socks5://"),
        (["ls", "--active-ports", "1-2", "host"], b"are for --active"),
        (["ls", "--timeout", "0", "host"], b"no number of seconds"),
        (["get", "host"], b"which file?"),
        (["get", "host", "folder/"], b"does not end in a name"),
        (["put", "host", "-"], b"give one with --as"),
        (["put", "host", "a", "b", "--as", "c"], b"--as is for one file"),
        (["put", "host", "-", "--as", "c", "--resume"], b"no place to go back to"),
        (["mirror", "host", "down", "a"], b"between two directories"),
        (["mirror", "host", "down", "a", "b", "--connections", "0"], b"one is the least"),
        (["fetch"], b"invalid choice: 'fetch'"),
    ],
)
def test_a_command_line_that_cannot_be_used_is_refused_before_anything_is_sent(
    words: list[str], complaint: bytes
) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert complaint in done.stderr


def test_version_is_that_of_the_library() -> None:
    import libftps

    assert run("--version").stdout.decode() == f"libftps {libftps.version()}\n"


def logs_in(server: Server, env: dict[str, str], *words: str) -> bool:
    done = run("ls", "--ca-file", server.ca, "-p", server.port, *words, server.host, env=env)
    return done.returncode == 0


def on_terminal(words: list[str], question: bytes, answer: bytes) -> tuple[int, bytes]:
    """Runs it on a terminal of its own, and answers a question."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(words[0], words, environment())
    output = b""
    answered = False
    with os.fdopen(terminal, "r+b", buffering=0) as screen:
        while True:
            try:
                output += screen.read(4096)
            except OSError:
                # What Linux says at the end of a terminal.
                break
            if question in output and not answered:
                screen.write(answer)
                answered = True
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output
