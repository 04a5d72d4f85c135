"""Ctrl-C: it ends whatever waits, within half a second, each time, and leaves a client in a defined state."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.programs import Program
from support.servers import StartStrict

HALF_A_SECOND = 0.5
SIGNALS = 100

# Where the server stalls, and what then waits for ever.
STALLS = {
    "connecting": ("@control-handshake=stall", "libftps.Client(**options).connect()"),
    "leasing": ("@control-handshake=stall", "libftps.Pool(**options).lease()"),
    "a command": ("NOOP@reply=stall", "client.noop()"),
    "a listing": ("MLSD@byte:1=stall", "client.list()"),
    "an iteration": ("MLSD@byte:50=stall", "for entry in client.iter_list(): pass"),
    "a walk": ("MLSD@byte:50=stall", "for found in client.walk(): pass"),
    "a download": ("RETR@byte:1000=stall", "client.read_bytes('big.bin')"),
    "a download of a path": ("RETR@byte:1000=stall", "client.download('big.bin', '/dev/null')"),
    "an upload": ("STOR@byte:1000=stall", "client.write_bytes('new.bin', bytes(50_000_000))"),
    "opening a file": ("RETR@reply=stall", "client.open('big.bin')"),
    "reading a file": ("RETR@byte:1000=stall", "client.open('big.bin').read()"),
    "writing a file": ("STOR@byte:1000=stall", "client.open('new.bin', 'wb').write(bytes(50_000_000))"),
    "closing a file": ("STOR@final=stall", "f = client.open('new.bin', 'wb'); f.write(b'1'); f.close()"),
    "planning a mirror": ("MLSD@byte:1=stall", "client.plan(libftps.Mirror.download('/', '/nowhere'))"),
}

ONE_STALL = """
client = connected() if "client." in sys.argv[2] else None
# Of a string that exec runs itself CPython remembers an interrupt as one that nobody caught.
statement = compile(sys.argv[2], "statement", "exec")
ready()
try:
    exec(statement)
except KeyboardInterrupt:
    print("caught", flush=True)
if client is not None:
    # Fit for the next command, or known not to be.
    try:
        client.current_directory()
    except libftps.Error as error:
        assert not client.usable, error
    client.close()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a few files, of which one is larger than all buffers on its way."""
    (tmp_path / "big.bin").write_bytes(bytes(30_000_000))
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("what", STALLS)
def test_ctrl_c_ends_what_stalls_within_half_a_second(what: str, strict: StartStrict, root: Path) -> None:
    fault, statement = STALLS[what]
    times: list[float] = []
    # Once is enough: a machine may have other things to do.
    while len(times) < 3 and min(times, default=1) >= HALF_A_SECOND:
        with Program(ONE_STALL, strict(fault=[fault], root=root), statement) as program:
            times.append(program.interrupted_after(0.3))
            program.result()
    assert min(times) < HALF_A_SECOND


HANGING_CALLBACK = """
client, hangs = connected(), threading.Event()

def hang(moved):
    print("ready", flush=True)
    hangs.wait()

try:
    client.upload(b"1", "file", progress=hang)
except KeyboardInterrupt:
    print("caught", flush=True)
try:
    client.noop()
except libftps.Busy as error:
    print(error)
hangs.set()
client.close()
"""


def test_the_next_call_is_told_of_an_interrupted_one_whose_callback_hangs(strict: StartStrict) -> None:
    with Program(HANGING_CALLBACK, strict()) as program:
        assert program.interrupted_after(0.3) < 1
        assert "that was interrupted or cancelled has not ended yet" in program.result()


BUSY_ALL_THE_TIME = """
import io, shutil, warnings, zipfile

warnings.filterwarnings("ignore", "the upload of 'lost.bin'", ResourceWarning)

def work(client):
    with client.open("big.bin") as f:
        f.read(300_000); f.seek(20_000_000); f.read(10)
    client.write_bytes("new.bin", bytes(500_000))
    for entry in client.iter_list():
        break
    [found.path for found in client.walk()]
    client.open("lost.bin", "wb").write(b"1")
    io.BufferedReader(client.open("big.bin", buffering=0)).read(5)
    with client.open("new.txt", "w") as f:
        f.write("text" * 1000)
    client.upload(io.BytesIO(bytes(100_000)), "new.bin", progress=lambda moved: None)
    client.download("big.bin", io.BytesIO(), progress=lambda moved: None)
    client.size("new.bin")
    try:
        client.size("missing")
    except FileNotFoundError:
        pass

client = connected()
caught = 0
for _ in range(int(sys.argv[2])):
    try:
        ready()
        while True:
            work(client)
    except KeyboardInterrupt:
        caught += 1
    print("caught", flush=True)
    if not client.usable:
        client.close()
        client = connected()
client.close()
print(caught)
"""


def test_each_of_100_random_signals_raises_keyboard_interrupt_and_nothing_is_said(
    strict: StartStrict, root: Path
) -> None:
    server = strict(root=root)
    chance = random.Random(6)
    with Program(BUSY_ALL_THE_TIME, server, str(SIGNALS)) as program:
        times = sorted(program.interrupted_after(chance.uniform(0, 0.2)) for _ in range(SIGNALS))
        assert program.result() == str(SIGNALS)
    assert times[SIGNALS * 9 // 10] < HALF_A_SECOND
