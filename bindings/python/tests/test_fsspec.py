"""What `libftps.fsspec.FTPSFileSystem` promises besides what fsspec's own tests ask."""

from __future__ import annotations

import gc
import gzip
import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.callbacks import Callback, TqdmCallback
from support.servers import TLS_VERSIONS, RealServer, StartReal, StartStrict, StrictServer

import libftps
from libftps.fsspec import FTPSFileSystem, Writer

CONTENT = bytes(index % 251 for index in range(100_000))


@pytest.fixture
def server(strict: StartStrict) -> StrictServer:
    return strict()


@pytest.fixture
def fs(server: StrictServer) -> Iterator[FTPSFileSystem]:
    with closing(file_system(server)) as fs:
        yield fs


def file_system(server: Any, **options: Any) -> FTPSFileSystem:
    return FTPSFileSystem(**{"wait": 10, **server.options(), **options})


def url(server: StrictServer, path: str) -> str:
    return f"ftps://{server.user}:{server.password}@{server.host}:{server.port}{path}"


def trusting(server: StrictServer) -> dict[str, Any]:
    """The storage options that a URL of the server's does not tell."""
    return {"ca_file": str(server.ca), "platform_roots": False}


# URLs.


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ftps://host/a/b", {"host": "host"}),
        ("ftps://user@host:2121/a/b", {"host": "host", "port": 2121, "user": "user"}),
        ("ftps://a%40b:p%2Fw%3A@[::1]:990/a/b", {"host": "::1", "port": 990, "user": "a@b", "password": "p/w:"}),
    ],
)
def test_a_url_tells_host_port_user_and_password(address: str, told: dict[str, Any]) -> None:
    assert FTPSFileSystem._get_kwargs_from_urls(address) == told
    assert FTPSFileSystem._strip_protocol(address) == "/a/b"


def test_the_path_of_a_url_is_taken_as_it_is() -> None:
    assert FTPSFileSystem._strip_protocol("ftps://host/data/20%25#1?.csv") == "/data/20%25#1?.csv"
    assert FTPSFileSystem._strip_protocol("ftps://host") == "/"


def test_a_port_that_is_none_is_an_error_that_says_so() -> None:
    with pytest.raises(libftps.InvalidArgument, match="'port' is no port"):
        fsspec.open("ftps://host:port/file")


def test_a_url_of_a_path_has_no_password(fs: FTPSFileSystem, server: StrictServer) -> None:
    assert fs.unstrip_protocol("/a b") == f"ftps://user@127.0.0.1:{server.port}/a b"
    assert server.password not in repr(fs)


def test_fsspec_opens_urls(server: StrictServer) -> None:
    with fsspec.open(url(server, "/hello.txt"), "w", **trusting(server)) as file:
        file.write("hällo\n")
    with fsspec.open(url(server, "/hello.txt"), "r", **trusting(server)) as file:
        assert file.read() == "hällo\n"


def test_an_unknown_option_is_an_error_that_names_it() -> None:
    with pytest.raises(TypeError, match="no option 'passwort'"):
        FTPSFileSystem("host", passwort="secret")


@pytest.mark.parametrize("cache", ["simplecache", "filecache"])
def test_the_local_caches_of_fsspec_keep_files(server: StrictServer, fs: FTPSFileSystem, cache: str) -> None:
    fs.pipe_file("/file", CONTENT)
    with fsspec.open(f"{cache}::{url(server, '/file')}", "rb", ftps=trusting(server)) as file:
        assert file.read() == CONTENT


def test_mappings_of_fsspec_are_directories(fs: FTPSFileSystem) -> None:
    mapping = fs.get_mapper("/map", create=True)
    mapping["a/b"] = b"value"
    assert dict(mapping) == {"a/b": b"value"}
    with pytest.raises(KeyError):
        mapping["missing"]


# Listings.


def test_info_tells_of_files_and_directories(fs: FTPSFileSystem) -> None:
    fs.makedirs("/folder/below")
    fs.pipe_file("/folder/file", CONTENT)
    info = fs.info("/folder/file")
    assert (info["name"], info["type"], info["size"]) == ("/folder/file", "file", len(CONTENT))
    assert abs(info["mtime"] - datetime.now(timezone.utc)) < timedelta(hours=1)
    assert fs.info("/folder/below") | {"type": "directory", "size": 0} == fs.info("/folder/below")
    assert fs.info("/")["type"] == "directory"
    assert fs.ls("/folder", detail=False) == ["/folder/below", "/folder/file"]
    assert [info["name"] for info in fs.ls("/folder/file")] == ["/folder/file"]


@pytest.mark.parametrize("listing", ["unix", "dos"])
def test_a_server_without_mlst_tells_as_much(strict: StartStrict, listing: str) -> None:
    answers = [f"{verb}=500 Unknown command." for verb in ("MLST", "MLSD")]
    server = strict(answer=answers, listing=listing, feature=["SIZE", "MDTM", "REST STREAM"])
    with closing(file_system(server)) as fs:
        fs.makedirs("/folder/below")
        fs.makedirs("/folder/empty")
        fs.pipe_file("/folder/below/file", CONTENT)
        assert fs.info("/folder/below/file")["size"] == len(CONTENT)
        assert fs.info("/folder/below/file")["mtime"].tzinfo == timezone.utc
        assert fs.info("/folder/below")["type"] == "directory"
        assert fs.ls("/folder/empty") == []
        assert fs.ls("/folder/below", detail=False) == ["/folder/below/file"]
        assert [info["type"] for info in fs.ls("/folder/below/file")] == ["file"]
        assert fs.find("/") == ["/folder/below/file"]
        with pytest.raises(FileNotFoundError):
            fs.info("/folder/missing")
        with pytest.raises(FileNotFoundError):
            fs.ls("/missing")


def test_find_glob_and_walk(fs: FTPSFileSystem) -> None:
    for path in ("/a/one.csv", "/a/b/two.csv", "/a/b/three.txt"):
        fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        fs.touch(path)
    assert fs.find("/a") == ["/a/b/three.txt", "/a/b/two.csv", "/a/one.csv"]
    assert fs.find("/a", maxdepth=1, withdirs=True) == ["/a", "/a/b", "/a/one.csv"]
    assert fs.glob("/a/**/*.csv") == ["/a/b/two.csv", "/a/one.csv"]
    assert fs.glob("/a/*/t?o.*") == ["/a/b/two.csv"]
    assert list(fs.walk("/a")) == [("/a", ["b"], ["one.csv"]), ("/a/b", [], ["three.txt", "two.csv"])]
    assert [path for path, _, _ in fs.walk("/a", topdown=False)] == ["/a/b", "/a"]
    assert fs.du("/a") == 0


def test_what_a_walker_takes_out_is_not_walked(fs: FTPSFileSystem) -> None:
    for name in ("b", "c"):
        fs.makedirs(f"/a/{name}")
    seen = []
    for path, directories, _ in fs.walk("/a"):
        seen.append(path)
        if "b" in directories:
            directories.remove("b")
    assert seen == ["/a", "/a/c"]


def test_a_walk_whose_server_is_gone_is_not_cut_short_without_a_word(server: StrictServer, fs: FTPSFileSystem) -> None:
    fs.makedirs("/a/b")
    walk = fs.walk("/")
    next(walk)
    server.stop()
    with pytest.raises(libftps.Error):
        list(walk)
    with pytest.raises(libftps.Error):
        fs.exists("/a")


def test_what_is_missing_is_a_file_not_found_error(fs: FTPSFileSystem, tmp_path: Path) -> None:
    for call in (fs.info, fs.ls, fs.cat_file, fs.open, fs.rm, fs.rmdir, fs.rm_file, fs.modified, fs.ukey, fs.checksum):
        with pytest.raises(FileNotFoundError):
            call("/missing")
    with pytest.raises(FileNotFoundError):
        fs.mv("/missing", "/other")
    with pytest.raises(FileNotFoundError):
        fs.get_file("/missing", tmp_path / "file")
    with pytest.raises(FileNotFoundError):
        fs.pipe_file("/missing/file", b"")
    assert not fs.exists("/missing") and not fs.isfile("/missing") and not fs.isdir("/missing")
    assert fs.find("/missing") == []


def test_directories_are_made_once(fs: FTPSFileSystem) -> None:
    fs.mkdir("/a/b")
    with pytest.raises(FileExistsError):
        fs.mkdir("/a/b")
    with pytest.raises(FileExistsError):
        fs.makedirs("/a/b")
    fs.makedirs("/a/b", exist_ok=True)
    with pytest.raises(FileNotFoundError):
        fs.mkdir("/c/d", create_parents=False)
    fs.touch("/file")
    with pytest.raises(FileExistsError):
        fs.makedirs("/file", exist_ok=True)


def test_times_are_told_and_set(fs: FTPSFileSystem) -> None:
    fs.touch("/file")
    assert abs(fs.modified("/file") - datetime.now(timezone.utc)) < timedelta(hours=1)
    with fs.lease() as client:
        client.set_modification_time("/file", 1_000_000_000)
    assert fs.modified("/file") == datetime.fromtimestamp(1_000_000_000, timezone.utc)
    fs.touch("/file", truncate=False)
    assert fs.modified("/file").year > 2001
    with pytest.raises(NotImplementedError):
        fs.created("/file")
    with pytest.raises(NotImplementedError):
        fs.sign("/file")


@pytest.mark.parametrize("hashes", ["none", "hash"])
def test_keys_and_checksums_change_with_the_file(strict: StartStrict, hashes: str) -> None:
    with closing(file_system(strict(hashes=hashes))) as fs:
        fs.pipe_file("/file", b"old")
        before = fs.ukey("/file"), fs.checksum("/file")
        assert before == (fs.ukey("/file"), fs.checksum("/file"))
        fs.pipe_file("/file", b"newer")
        assert fs.ukey("/file") != before[0] and fs.checksum("/file") != before[1]


def test_a_hash_of_the_server_sees_a_change_that_size_and_time_do_not_show(strict: StartStrict) -> None:
    with closing(file_system(strict(hashes="hash"))) as fs:
        checksums = []
        for content in (b"one", b"two"):
            fs.pipe_file("/file", content)
            with fs.lease() as client:
                client.set_modification_time("/file", 1_000_000_000)
            checksums.append(fs.checksum("/file"))
        assert checksums[0] != checksums[1]


def test_listings_are_asked_for_anew_unless_they_are_to_be_kept(server: StrictServer, fs: FTPSFileSystem) -> None:
    with closing(file_system(server, use_listings_cache=True)) as keeping:
        assert keeping.ls("/") == fs.ls("/") == []
        fs.touch("/file")
        assert fs.ls("/", detail=False) == ["/file"]
        assert keeping.ls("/") == []
        assert keeping.ls("/", refresh=True, detail=False) == ["/file"]


@pytest.mark.parametrize(
    "change",
    [
        lambda fs: fs.touch("/a/new"),
        lambda fs: fs.rm("/a/file"),
        lambda fs: fs.mv("/a/file", "/b/file"),
        lambda fs: fs.mkdir("/a/below"),
        lambda fs: fs.rm("/a", recursive=True),
        lambda fs: fs.cp_file("/a/file", "/a/copy"),
    ],
)
def test_kept_listings_forget_what_any_file_system_of_the_process_changes(server: StrictServer, change: Any) -> None:
    with closing(file_system(server, use_listings_cache=True)) as one:
        other = file_system(server, use_listings_cache=True)
        one.mkdir("/a")
        one.mkdir("/b")
        one.touch("/a/file")
        before = one.find("/", withdirs=True)
        change(other)
        assert one.find("/", withdirs=True) != before
        assert one.find("/", withdirs=True) == file_system(server).find("/", withdirs=True)


# Reading.


def test_parts_are_read_as_slices(fs: FTPSFileSystem) -> None:
    fs.pipe_file("/file", CONTENT)
    for start, end in [(None, None), (10, 20), (None, 5), (-7, None), (-20, -10), (99_990, 200_000), (200_000, None)]:
        assert fs.cat_file("/file", start, end) == CONTENT[start:end], (start, end)
    assert fs.cat_ranges(["/file", "/file"], [0, 500], [10, 600]) == [CONTENT[:10], CONTENT[500:600]]
    assert fs.head("/file", 10) == CONTENT[:10] and fs.tail("/file", 10) == CONTENT[-10:]
    assert fs.read_block("/file", 1000, 500) == CONTENT[1000:1500]


@pytest.mark.parametrize("cache_type", ["readahead", "none", "bytes", "blockcache", "first", "all", "background"])
def test_the_caches_of_fsspec_work(fs: FTPSFileSystem, cache_type: str) -> None:
    fs.pipe_file("/file", CONTENT)
    with fs.open("/file", block_size=10_000, cache_type=cache_type) as file:
        assert file.read(10) == CONTENT[:10]
        file.seek(50_000)
        assert file.read(25_000) == CONTENT[50_000:75_000]
        file.seek(-10, 2)
        assert file.read() == CONTENT[-10:]
        file.seek(0)
        assert file.read() == CONTENT


def test_a_file_that_shrinks_while_it_is_read_is_an_error(fs: FTPSFileSystem) -> None:
    fs.pipe_file("/file", CONTENT)
    with fs.open("/file", block_size=10_000) as file:
        file.read(10)
        fs.pipe_file("/file", CONTENT[:30_000])
        with pytest.raises(libftps.Truncated, match="now ends at byte 30000"):
            file.read()


def test_a_file_cannot_be_read_from_a_directory(fs: FTPSFileSystem) -> None:
    fs.mkdir("/folder")
    with pytest.raises(IsADirectoryError):
        fs.open("/folder")
    with pytest.raises(IsADirectoryError):
        fs.rm("/folder")


# Writing.


def test_nothing_is_there_before_a_file_is_closed(fs: FTPSFileSystem) -> None:
    with fs.open("/file", "wb", block_size=1000) as file:
        file.write(CONTENT)
        assert file.tell() == len(CONTENT)
        assert not fs.exists("/file")
        file.seek(0)
        file.write(b"again")
    assert fs.cat_file("/file") == b"again" + CONTENT[5:]
    with pytest.raises(ValueError, match="closed"):
        file.write(b"more")


def test_appending(fs: FTPSFileSystem) -> None:
    for piece in (b"one", b"two"):
        with fs.open("/file", "ab") as file:
            assert file.tell() == fs.size("/file") if fs.exists("/file") else file.tell() == 0
            file.write(piece)
    assert fs.cat_file("/file") == b"onetwo"


@pytest.mark.parametrize("mode", ["r+b", "w+b", "r+", "q", "rw"])
def test_a_mode_that_there_is_not_is_refused_and_nothing_is_replaced(fs: FTPSFileSystem, mode: str) -> None:
    fs.pipe_file("/file", b"old")
    with pytest.raises(ValueError, match="mode"):
        fs.open("/file", mode)
    assert fs.cat_file("/file") == b"old"


def test_what_exists_is_not_created(fs: FTPSFileSystem, sample: Path) -> None:
    with fs.open("/file", "xb") as file:
        file.write(b"mine")
    with pytest.raises(FileExistsError):
        fs.open("/file", "xb")
    with pytest.raises(FileExistsError):
        fs.put_file(sample, "/file", mode="create")
    file = fs.open("/other", "xb")
    fs.touch("/other")
    with pytest.raises(FileExistsError):
        file.close()
    assert fs.cat_file("/file") == b"mine"


def leave_binary(fs: FTPSFileSystem) -> None:
    with fs.open("/half", "wb") as file:
        file.write(b"half")
        raise KeyError


def leave_text(fs: FTPSFileSystem) -> None:
    with fs.open("/half", "w") as file:
        file.write("half")
        raise KeyError


def leave_compressed(fs: FTPSFileSystem) -> None:
    with fs.open("/half", "wt", compression="gzip") as file:
        file.write("half")
        raise KeyError


def leave_what_closes(fs: FTPSFileSystem) -> None:
    with closing(fs.open("/half", "wb")) as file:
        file.write(b"half")
        raise KeyError


def leave_opened_by_fsspec(fs: FTPSFileSystem) -> None:
    with fsspec.core.OpenFile(fs, "/half", "wt", compression="gzip") as file:
        file.write("half")
        raise KeyError


@pytest.mark.parametrize(
    "leave", [leave_binary, leave_text, leave_compressed, leave_what_closes, leave_opened_by_fsspec]
)
def test_an_exception_that_leaves_the_block_is_what_is_raised_and_nothing_is_sent(
    fs: FTPSFileSystem, leave: Any
) -> None:
    with pytest.raises(KeyError):
        leave(fs)
    assert fs.ls("/") == []


def test_closing_while_an_exception_is_handled_says_that_nothing_was_sent(fs: FTPSFileSystem) -> None:
    file = fs.open("/half", "wb")
    try:
        raise KeyError
    except KeyError:
        with pytest.raises(libftps.WrongState, match="/half was not sent"):
            file.close()
    assert fs.ls("/") == []


def test_a_file_that_is_opened_in_an_inner_handler_is_sent_in_the_outer_one(fs: FTPSFileSystem) -> None:
    try:
        raise KeyError
    except KeyError:
        try:
            raise IndexError
        except IndexError:
            file = fs.open("/whole", "wb")
        file.write(CONTENT)
        file.close()
    assert fs.cat_file("/whole") == CONTENT


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("options", [{"mode": "wb"}, {"mode": "w"}, {"mode": "wt", "compression": "gzip"}])
def test_a_file_that_is_lost_is_not_sent(fs: FTPSFileSystem, options: dict[str, str]) -> None:
    file = fs.open("/half", **options)
    file.write(b"half" if options["mode"] == "wb" else "half")
    del file
    gc.collect()
    assert fs.ls("/") == []


def test_text_that_is_lost_in_a_wrapper_of_ones_own_is_not_sent_and_said_so(fs: FTPSFileSystem) -> None:
    text = io.TextIOWrapper(fs.open("/half", "wb"), encoding="utf-8")
    text.write("half")
    with pytest.warns(ResourceWarning, match="/half was not closed, and is not sent"):
        del text
        gc.collect()
    assert fs.ls("/") == []


@pytest.mark.parametrize("compression", ["gzip", "infer"])
def test_compressed_files_are_complete_when_they_are_closed(fs: FTPSFileSystem, compression: str) -> None:
    with fs.open("/file.gz", "wb", compression=compression) as file:
        file.write(CONTENT)
    assert gzip.decompress(fs.cat_file("/file.gz")) == CONTENT
    with fs.open("/file.gz", "rb", compression=compression) as file:
        assert file.read(5) == CONTENT[:5]
        file.seek(70_000)
        assert file.read() == CONTENT[70_000:]


def test_an_upload_that_the_server_refuses_is_an_error_of_close(strict: StartStrict) -> None:
    with closing(file_system(strict(fault=["STOR@final=reply:452 Disk full."]))) as fs:
        file = fs.open("/file", "wb")
        file.write(CONTENT)
        with pytest.raises(libftps.Refused, match="Disk full"):
            file.close()
        assert file.closed


def test_callbacks_of_fsspec_see_the_progress(fs: FTPSFileSystem, sample: Path, tmp_path: Path) -> None:
    size = sample.stat().st_size
    seen: list[tuple[int, int]] = []
    callback = Callback(hooks={"see": lambda size, value, **_: seen.append((size, value))})
    fs.put_file(sample, "/new/folder/sample", callback=callback)
    assert seen[0] == (size, 0) and seen[-1] == (size, size)
    seen.clear()
    fs.get_file("/new/folder/sample", tmp_path / "deep" / "copy", callback=Callback(hooks=callback.hooks))
    assert seen[-1] == (size, size)
    assert (tmp_path / "deep" / "copy").read_bytes() == sample.read_bytes()
    with TqdmCallback(tqdm_kwargs={"disable": True}) as bar:
        fs.put(str(sample), "/again", callback=bar)
    with (tmp_path / "file").open("wb") as file:
        fs.get_file("/again", file)
    assert (tmp_path / "file").read_bytes() == sample.read_bytes()


def test_what_a_callback_raises_reaches_the_caller(fs: FTPSFileSystem, sample: Path) -> None:
    def refuse(size: int, value: int, **_: Any) -> None:
        if value:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        fs.put_file(sample, "/file", callback=Callback(hooks={"refuse": refuse}))


def test_a_download_that_fails_leaves_the_local_file_that_was_there(strict: StartStrict, tmp_path: Path) -> None:
    local = tmp_path / "local"
    local.write_bytes(b"old")
    with closing(file_system(strict(fault=["RETR@byte:50000=reset"]))) as fs:
        fs.pipe_file("/file", CONTENT)
        with pytest.raises(libftps.Error):
            fs.get_file("/file", local)
        with pytest.raises(FileNotFoundError):
            fs.get_file("/missing", local)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("local", b"old")]


def test_a_download_that_a_callback_ends_leaves_the_local_file_that_was_there(
    fs: FTPSFileSystem, tmp_path: Path
) -> None:
    def refuse(size: int, value: int, **_: Any) -> None:
        if value:
            raise KeyError("enough")

    (tmp_path / "local").write_bytes(b"old")
    fs.pipe_file("/file", CONTENT)
    for name in ("local", "new"):
        with pytest.raises(KeyError, match="enough"):
            fs.get_file("/file", tmp_path / name, callback=Callback(hooks={"refuse": refuse}))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("local", b"old")]


def test_a_download_has_the_permissions_of_what_it_replaces(fs: FTPSFileSystem, tmp_path: Path) -> None:
    fs.pipe_file("/file", CONTENT)
    for mode in (0o600, 0o444):
        local = tmp_path / f"{mode:o}"
        local.touch()
        local.chmod(mode)
        fs.get_file("/file", local)
        assert (local.read_bytes(), local.stat().st_mode & 0o777) == (CONTENT, mode)
    (tmp_path / "ordinary").touch()
    fs.get_file("/file", tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


# Moving and deleting.


def test_moves_rename(fs: FTPSFileSystem) -> None:
    fs.mkdir("/folder")
    fs.pipe_file("/a.csv", b"a")
    fs.pipe_file("/b.csv", b"b")
    fs.mv("/a.csv", "/c.csv")
    assert fs.cat_file("/c.csv") == b"a" and not fs.exists("/a.csv")
    fs.mv("/*.csv", "/folder")
    assert fs.ls("/folder", detail=False) == ["/folder/b.csv", "/folder/c.csv"]
    fs.mv("/folder", "/other")
    assert fs.find("/") == ["/other/b.csv", "/other/c.csv"]
    fs.mv(["/other/b.csv"], ["/d.csv"])
    fs.mv("/d.csv", "/d.csv")
    assert fs.cat_file("/d.csv") == b"b"


def test_copies_go_through_the_client(fs: FTPSFileSystem) -> None:
    fs.pipe_file("/file", CONTENT)
    fs.cp_file("/file", "/new/copy")
    assert fs.cat_file("/new/copy") == CONTENT


def test_trees_are_deleted_down_to_a_depth(fs: FTPSFileSystem) -> None:
    fs.makedirs("/a/b")
    fs.touch("/a/file")
    fs.rm("/a", recursive=True, maxdepth=1)
    assert fs.ls("/") == []


def test_trees_are_deleted(fs: FTPSFileSystem) -> None:
    fs.makedirs("/a/b/c")
    fs.pipe_file("/a/b/file", b"")
    fs.rm("/a", recursive=True)
    assert fs.ls("/") == []


def test_what_cannot_be_deleted_is_an_error_that_names_it(strict: StartStrict) -> None:
    with closing(file_system(strict(answer=["DELE=550 Not yours."]))) as fs:
        fs.mkdir("/a")
        for name in ("one", "two"):
            fs.touch(f"/a/{name}")
        with pytest.raises(PermissionError, match=r"/a/(one|two).*Not yours"):
            fs.rm("/a", recursive=True)
        assert len(fs.ls("/a")) == 2


# Transactions.


def test_a_transaction_shows_everything_at_its_end(fs: FTPSFileSystem, sample: Path) -> None:
    fs.pipe_file("/replaced", b"old")
    fs.pipe_file("/appended", b"old")
    with fs.transaction:
        with fs.open("/replaced", "wb") as file:
            file.write(b"new")
        with fs.open("/appended", "ab") as file:
            file.write(b"new")
        fs.pipe_file("/piped", b"new")
        fs.put_file(sample, "/put")
        assert fs.cat_file("/replaced") == fs.cat_file("/appended") == b"old"
        assert not fs.exists("/piped") and not fs.exists("/put")
    assert fs.ls("/", detail=False) == ["/appended", "/piped", "/put", "/replaced"]
    assert (fs.cat_file("/replaced"), fs.cat_file("/appended")) == (b"new", b"oldnew")


def test_a_transaction_that_an_exception_ends_leaves_nothing(fs: FTPSFileSystem, sample: Path) -> None:
    fs.pipe_file("/kept", b"old")
    with pytest.raises(KeyError), fs.transaction:
        with fs.open("/kept", "wb") as file:
            file.write(b"new")
        fs.put_file(sample, "/put")
        raise KeyError
    assert fs.ls("/", detail=False) == ["/kept"]
    assert fs.cat_file("/kept") == b"old"


def test_a_transaction_replaces_on_servers_that_do_not_rename_onto_a_file(strict: StartStrict) -> None:
    with closing(file_system(strict("--no-rename-onto-existing"))) as fs:
        fs.pipe_file("/file", b"old")
        with fs.transaction:
            fs.pipe_file("/file", b"new")
        assert fs.ls("/", detail=False) == ["/file"]
        assert fs.cat_file("/file") == b"new"


def test_a_file_that_is_still_open_at_the_end_of_its_transaction_is_an_error(fs: FTPSFileSystem) -> None:
    with pytest.raises(libftps.WrongState, match="/file was not closed within its transaction"), fs.transaction:
        fs.pipe_file("/other", b"whole")
        file = fs.open("/file", "wb")
        file.write(b"half")
    assert file.closed
    assert fs.ls("/") == []
    fs.pipe_file("/file", b"after")
    assert fs.cat_file("/file") == b"after"


def test_what_cannot_take_its_place_in_a_transaction_takes_nothing_else_with_it(strict: StartStrict) -> None:
    with closing(file_system(strict(fault=["RNTO#2@reply=reply:553 No."]))) as fs:
        with pytest.raises(libftps.Refused, match="No"), fs.transaction:
            for name in ("/first", "/second", "/third"):
                fs.pipe_file(name, b"content")
        assert fs.ls("/", detail=False) == ["/first"]


# Connections.


def test_more_files_are_open_than_there_are_connections(server: StrictServer) -> None:
    with closing(file_system(server, maximum=1)) as fs, ExitStack() as files:
        written = [files.enter_context(fs.open(f"/{number}", "wb")) for number in range(10)]
        for number, file in enumerate(written):
            file.write(b"%d" % number)
        files.close()
        read = [files.enter_context(fs.open(f"/{number}", block_size=1)) for number in range(10)]
        assert [file.read(1) for file in read] == [b"%d" % number for number in range(10)]


def test_file_systems_and_threads_share_connections(server: StrictServer) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            fs = file_system(server, maximum=2)
            fs.pipe_file(f"/{number}", CONTENT)
            assert fs.cat_file(f"/{number}") == CONTENT
            with fs.open(f"/{number}", block_size=30_000) as file:
                assert file.read() == CONTENT
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file_system(server, maximum=2).close()
    assert failures == []
    assert server.account().logins <= 2


def test_what_was_never_used_can_be_closed() -> None:
    FTPSFileSystem("host").close()


def test_a_pool_that_was_closed_is_made_anew(fs: FTPSFileSystem) -> None:
    fs.touch("/file")
    fs.close()
    assert fs.exists("/file")


@pytest.mark.parametrize("tls", TLS_VERSIONS)
def test_all_data_connections_are_resumed(strict: StartStrict, tls: str, sample: Path) -> None:
    server = strict(tls=tls)
    fs = file_system(server, maximum=1, resumption="require")
    for number in range(50):
        fs.put_file(sample, f"/{number}")
        with fs.open(f"/{number}", block_size=100_000, cache_type="none") as file:
            assert [len(file.read(150_000)) for _ in range(3)] == [150_000, 150_000, 0]
    assert len(fs.ls("/")) == 50
    fs.close()
    account = server.account()
    assert account.logins == 1
    assert account.resumed == account["data_connections"] == 50 + 50 * 2 + 1
    assert account.full == account.refused == 0


def test_a_real_server_is_a_file_system(demanding: RealServer, sample: Path) -> None:
    with closing(file_system(demanding)) as fs:
        folder = f"{demanding.home.rstrip('/')}/fsspec"
        fs.makedirs(f"{folder}/below")
        fs.put_file(sample, f"{folder}/below/sample")
        assert fs.info(f"{folder}/below/sample")["size"] == sample.stat().st_size
        assert fs.info(f"{folder}/below")["type"] == "directory"
        with fs.open(f"{folder}/below/sample", block_size=70_000) as file:
            assert file.read() == sample.read_bytes()
        with fs.open(f"{folder}/text", "a") as file:
            file.write("hello")
        with fs.transaction, fs.open(f"{folder}/text", "a") as file:
            file.write(", world")
        assert fs.cat_file(f"{folder}/text") == b"hello, world"
        fs.mv(f"{folder}/text", f"{folder}/below/")
        assert fs.find(folder) == [f"{folder}/below/sample", f"{folder}/below/text"]
        for call in (fs.info, fs.ls, fs.open):
            with pytest.raises(FileNotFoundError):
                call(f"{folder}/missing")
        with pytest.raises(FileExistsError):
            fs.mkdir(f"{folder}/below")
        fs.rm(folder, recursive=True)
        assert not fs.exists(folder)
    account = demanding.account()
    assert account.resumed > 10 and account.full == account.refused == 0


def test_names_that_are_no_text_are_files_too(real: StartReal) -> None:
    server = real("vsftpd", "1.3")
    with closing(file_system(server)) as fs:
        path = f"{server.home.rstrip('/')}/caf\udce9"
        fs.pipe_file(path, b"content")
        assert path in fs.find(server.home)
        assert fs.cat_file(path) == b"content"
        assert fs.ukey(path) != fs.ukey(server.home)
        fs.rm(path)
        assert not fs.exists(path)


def test_a_wrong_password_is_an_error_and_not_a_missing_file(server: StrictServer) -> None:
    with pytest.raises(libftps.LoginRefused):
        file_system(server, password="wrong").exists("/file")


def test_writers_are_what_open_returns(fs: FTPSFileSystem) -> None:
    with fs.open("/file", "wb") as file:
        assert isinstance(file, Writer) and file.writable() and not file.readable()
        with suppress(OSError):
            file.read()
