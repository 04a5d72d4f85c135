"""Forks, and the interpreter's end."""

from __future__ import annotations

import pytest
from support.programs import run
from support.servers import StartStrict

FORK = """
import io

def in_child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print("the child:", repr(error), flush=True)
            os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0

def refused(call):
    try:
        call()
    except libftps.Forked as error:
        assert "process" in str(error) or "fork" in str(error), error
    else:
        raise AssertionError("not refused")
"""

CALLS_IN_A_CHILD = (
    FORK
    + """
client = connected()
client.write_bytes("file", b"content")
file = client.open("file")
file.read(1)
pool = libftps.Pool(**options)
with pool.lease() as leased:
    leased.noop()

def child():
    refused(client.noop)
    refused(file.read)
    refused(lambda: client.list())
    refused(lambda: client.iter_list())
    refused(pool.lease)
    file.close()
    client.close()
    client.close()
    pool.close()
    with connected() as own:
        assert own.size("file") == 7

in_child(child)
assert file.read() == b"ontent"
file.close()
client.noop()
with pool.lease() as leased:
    leased.noop()
assert pool.statistics.opened == 1
pool.close()
client.quit()
"""
)

UPLOAD_IN_A_CHILD = (
    FORK
    + """
client = connected()
file = client.open("file", "wb")
file.write(b"1" * 1000000)

def child():
    global file, client
    refused(lambda: file.raw.write(b"2"))
    del file, client
    time.sleep(0.3)

in_child(child)
file.write(b"1" * 1000000)
file.close()
assert client.size("file") == 2000000
client.quit()
"""
)

FORK_DURING_A_CALL = (
    FORK
    + """
client = connected()
thread = threading.Thread(target=lambda: [client.noop() for _ in range(200)])
thread.start()
for _ in range(20):
    in_child(lambda: (refused(client.noop), client.close(), connected().close()))
thread.join()
client.quit()
"""
)


@pytest.mark.parametrize("source", [CALLS_IN_A_CHILD, UPLOAD_IN_A_CHILD, FORK_DURING_A_CALL])
def test_a_forked_child_is_refused_and_the_parents_login_goes_on(strict: StartStrict, source: str) -> None:
    # Forking while threads run is what is tested.
    run("import warnings; warnings.simplefilter('ignore', DeprecationWarning)\n" + source, strict())


AT_EXIT = {
    "a client": "client = connected()",
    "an upload": "client = connected(); file = client.open('half', 'wb'); file.write(bytes(1000000))",
    "an upload in python's buffer": (
        "import io; client = connected(); file = io.BufferedWriter(client.open('half', 'wb', buffering=0)); "
        "file.write(bytes(1000))"
    ),
    "an upload as text": "client = connected(); file = client.open('half', 'w'); file.write('text')",
    "a download": (
        "client = connected(); client.write_bytes('whole', bytes(5000000)); file = client.open('whole'); file.read(5)"
    ),
    "an iterator": "client = connected(); entries = client.iter_list(); next(entries)",
    "a walk": "client = connected(); found = client.walk(); next(found)",
    "a pool": "pool = libftps.Pool(**options); client = pool.lease(); other = pool.lease(); other.close()",
    "a transfer in a daemon thread": (
        "client = connected(); thread = threading.Thread(target=lambda: client.upload(open('/dev/zero', 'rb'), 'half', "
        "progress=lambda moved: None), daemon=True); threading.excepthook = lambda _: None; thread.start(); "
        "time.sleep(0.5)"
    ),
    "an exception": "client = connected(); file = client.open('half', 'wb'); file.write(b'1'); sys.exit(0)",
}


# As without -X dev, under which programs run here.
WITHOUT_WARNINGS = "import warnings; warnings.simplefilter('ignore', ResourceWarning); "


@pytest.mark.parametrize("what", AT_EXIT)
def test_the_interpreter_ends_quietly_with_something_open(strict: StartStrict, what: str) -> None:
    server = strict(sample_files=True)
    run(WITHOUT_WARNINGS + AT_EXIT[what], server)
    assert server.account()["uploads_completed"] == ("whole" in AT_EXIT[what])


WARNED_OF = """
import warnings
warnings.showwarning = lambda message, kind, *_: print(kind.__name__, message, flush=True)
client = connected()
file = client.open("half", "w")
file.write("text")
"""


def test_an_upload_that_is_open_when_the_interpreter_ends_is_warned_of(strict: StartStrict) -> None:
    said = run(WARNED_OF, strict())
    assert said == "ResourceWarning the upload of 'half' was not closed, and was aborted"


def test_a_download_that_is_open_when_the_interpreter_ends_is_not_warned_of(strict: StartStrict) -> None:
    server = strict(sample_files=True)
    assert run("client = connected(); file = client.open('folder/one-mebibyte.bin'); file.read(5)", server) == ""
