"""Many clients leave nothing behind: no descriptor, no thread, no memory."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import cycles
from support.servers import StartStrict

WARM_UP, CYCLES = 1_000, 10_000


@pytest.mark.long
def test_ten_thousand_clients_leave_nothing_behind(strict: StartStrict) -> None:
    server = strict(tls="1.3", sample_files=True)
    result = subprocess.run(
        [sys.executable, cycles.__file__, server.host, str(server.port), server.ca, str(WARM_UP), str(CYCLES)],
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    before, after = ([int(number) for number in line.split()] for line in result.stdout.splitlines())
    assert after[:2] == before[:2], f"descriptors and threads: {result.stdout}"
    # What the allocator keeps apart varies; a kilobyte left of each client would be twice as much.
    assert after[2] - before[2] < 5_000, f"kilobytes: {result.stdout}"
    account = server.account()
    assert account["logins"] == WARM_UP + CYCLES
    assert account.full == account.refused == 0
