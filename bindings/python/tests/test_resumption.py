"""What libftps is for: every data connection of a login resumes its TLS session, as the server itself counts."""

from __future__ import annotations

import pytest
from support.servers import FILEZILLA_0_9, FILEZILLA_1, TLS_VERSIONS, Server, StartReal, StartStrict

CONTENT = bytes(range(250)) * 4
TRANSFERS = 200
LISTINGS = 20

RULES = {"filezilla-0.9": FILEZILLA_0_9, "filezilla-1": FILEZILLA_1}
KINDS = [*RULES, "vsftpd", "proftpd"]


@pytest.mark.parametrize("tls", TLS_VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_data_connection_of_a_long_login_is_resumed(
    kind: str, tls: str, strict: StartStrict, real: StartReal
) -> None:
    server: Server = strict(rules=RULES[kind], tls=tls) if kind in RULES else real(kind, tls)
    with server.client(resumption="require") as client:
        assert client.tls_version == tls
        client.change_directory(server.home)
        for number in range(TRANSFERS // 2):
            client.upload(CONTENT, f"file-{number}")
        for number in range(TRANSFERS // 2):
            assert client.read_bytes(f"file-{number}") == CONTENT
        for _ in range(LISTINGS):
            assert len([entry for entry in client.list() if entry.is_file]) == TRANSFERS // 2
        statistics = client.statistics
    wanted = TRANSFERS + LISTINGS
    assert (statistics.data_connections, statistics.resumed) == (wanted, wanted)
    assert (statistics.full, statistics.relogins) == (0, 0)
    account = server.account()
    assert (account.logins, account.resumed, account.full, account.refused) == (1, wanted, 0, 0)
