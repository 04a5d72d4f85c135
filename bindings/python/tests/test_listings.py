"""Listings, and the iterators over what arrives one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.servers import RealServer, StartStrict

import libftps
from libftps import Client, Entry, Format, Kind, Listing, ListingCommand, Precision

MANY = 1000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ("a/b/c", "a/d", "e"):
        (tmp_path / path).mkdir(parents=True)
    for path in ("one.txt", "two.csv", "a/three.csv", "a/b/four.csv", "a/b/c/five.txt"):
        (tmp_path / path).write_text(path)
    return tmp_path


@pytest.fixture
def client(strict: StartStrict, root: Path) -> Iterator[Client]:
    with strict(root=root).client() as client:
        yield client


def names(entries: object) -> list[str]:
    """The names, without "." and ".."."""
    assert isinstance(entries, (Listing, libftps.EntryIterator))
    return sorted(entry.name for entry in entries if entry.name not in (".", ".."))


def test_a_listing_is_a_sequence_of_entries(client: Client) -> None:
    listing = client.list()
    assert names(listing) == ["a", "e", "one.txt", "two.csv"]
    assert len(listing) == len(list(listing))
    assert listing[0] in listing
    assert isinstance(listing[-1], Entry)
    assert listing.unparsed == ()
    assert names(client.list("a/b")) == ["c", "four.csv"]


def test_an_entry_tells_what_the_server_says(client: Client) -> None:
    entry = next(entry for entry in client.list() if entry.name == "one.txt")
    assert (entry.kind, entry.is_file, entry.is_directory, entry.is_symlink) == (Kind.FILE, True, False, False)
    assert (entry.size, entry.precision) == (7, Precision.SECOND)
    assert entry.modified is not None
    assert entry.modified.utcoffset() == timedelta(0)
    assert (entry.fact("SIZE"), entry.fact("type"), entry.fact("no-such")) == ("7", "file", None)
    assert entry.raw.endswith(b" one.txt")


def test_the_time_of_ls_is_naive_since_nobody_tells_the_zone(client: Client) -> None:
    client.set_listing(command=ListingCommand.LIST)
    entry = next(entry for entry in client.list() if entry.name == "one.txt")
    assert entry.modified is not None
    assert (entry.modified.tzinfo, entry.precision) == (None, Precision.MINUTE)
    assert entry.permissions is not None
    assert entry.fact("size") is None


def test_lines_that_are_not_understood_are_kept(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"type=file;size=1; one\r\nwhat is this\xff?\r\ntype=file;size=2; two\r\n")
    with strict(raw_listing=lines).client() as client:
        listing = client.list()
        assert (names(listing), listing.unparsed) == (["one", "two"], (b"what is this\xff?",))
        with client.iter_list() as entries:
            assert names(entries) == ["one", "two"]
            assert entries.unparsed == [b"what is this\xff?"]


def test_a_listing_of_the_callers_choice(client: Client) -> None:
    assert names(client.list_with("LIST", "a", Format.UNIX)) == ["b", "d", "three.csv"]
    assert client.names() == ["a", "e", "one.txt", "two.csv"]


def test_entries_are_iterated_as_they_arrive(strict: StartStrict, root: Path) -> None:
    server = strict(root=root, fault=["MLSD@byte:250=stall"])
    with server.client(data_timeout=60) as client:
        begin = time.monotonic()
        with client.iter_list() as entries:
            assert isinstance(next(entries), Entry)
        assert time.monotonic() - begin < 30


@pytest.mark.parametrize("count", [0, 1, 256, MANY])
def test_all_entries_come_whatever_their_number(strict: StartStrict, tmp_path: Path, count: int) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"".join(b"type=file;size=1; %d\r\n" % index for index in range(count)))
    with strict(raw_listing=lines).client() as client:
        entries = client.iter_list()
        assert [entry.name for entry in entries] == [str(index) for index in range(count)]
        assert list(entries) == []
        client.noop()


def test_a_walk_finds_all_each_directory_before_what_is_in_it(client: Client) -> None:
    found = list(client.walk())
    assert [item.path for item in found] == [
        "a", "a/b", "a/b/c", "a/b/c/five.txt", "a/b/four.csv", "a/d", "a/three.csv", "e", "one.txt", "two.csv",
    ]  # fmt: skip
    assert all(item.entry is not None and item.problem is None for item in found)


def test_skip_steps_over_a_directory(client: Client) -> None:
    walk = client.walk()
    seen: list[str] = []
    for item in walk:
        seen.append(item.path)
        if item.path == "a/b":
            walk.skip()
    assert seen == ["a", "a/b", "a/d", "a/three.csv", "e", "one.txt", "two.csv"]


def test_a_walk_tells_problems_and_goes_on(strict: StartStrict, root: Path) -> None:
    with strict(root=root, fault=["MLSD#3@final=reply:451 Not now."]).client() as client:
        problems = [item for item in client.walk() if item.problem]
    assert [(item.path, item.entry) for item in problems] == [("a/b", None)]
    assert "Not now" in str(problems[0].problem)


def test_glob_finds_what_matches(client: Client) -> None:
    assert [item.path for item in client.glob("**/*.csv")] == ["a/b/four.csv", "a/three.csv", "two.csv"]
    assert [item.path for item in client.glob("*.txt")] == ["one.txt"]
    with pytest.raises(libftps.InvalidArgument):
        client.glob("[")


def test_a_tree_is_deleted(client: Client) -> None:
    assert client.delete_tree("a") == libftps.DeletedTree(7, ())
    assert names(client.list()) == ["e", "one.txt", "two.csv"]


def test_what_cannot_be_deleted_is_told_and_the_rest_is_gone(strict: StartStrict, root: Path) -> None:
    with strict(root=root, answer=["DELE=550 Held open."]).client() as client:
        outcome = client.delete_tree("a")
        assert outcome.deleted is None
        assert any("Held open" in str(problem.problem) for problem in outcome.problems)
        assert [item.path for item in client.walk("a") if item.entry and not item.entry.is_file] == ["a/b", "a/b/c"]


ITERATORS: list[Callable[[Client], libftps.EntryIterator | libftps.FoundIterator]] = [
    lambda client: client.iter_list("many"),
    lambda client: client.walk("many"),
    lambda client: client.glob("many/*"),
]


@pytest.fixture
def crowded(strict: StartStrict, tmp_path: Path) -> Iterator[Client]:
    """A client of a server with a directory that is not listed at one go."""
    (tmp_path / "many").mkdir()
    for index in range(MANY):
        (tmp_path / "many" / f"{index:05}").touch()
    with strict(root=tmp_path).client() as client:
        yield client


@pytest.mark.parametrize("iterate", ITERATORS)
def test_a_command_in_an_iteration_is_told_what_to_do(
    crowded: Client, iterate: Callable[[Client], libftps.EntryIterator]
) -> None:
    with iterate(crowded) as items:
        next(items)
        with pytest.raises(libftps.WrongState, match=r"being iterated.*close\(\)"):
            crowded.noop()
        assert crowded.connected
    crowded.noop()
    assert list(items) == []


@pytest.mark.parametrize("iterate", ITERATORS)
def test_an_iteration_that_is_left_is_in_nobodys_way(
    crowded: Client, iterate: Callable[[Client], libftps.EntryIterator]
) -> None:
    for _ in range(5):
        for _ in iterate(crowded):
            break
        crowded.noop()
    for _ in range(3):
        items = iterate(crowded)
        next(items)
        del items
        assert len(crowded.list("many")) >= MANY


def test_an_iteration_that_fails_raises_and_raises_again(strict: StartStrict, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"".join(b"type=file;size=1; %d\r\n" % index for index in range(MANY)))
    with strict(raw_listing=lines, fault=["MLSD@end=no-close-notify"]).client() as client:
        entries = client.iter_list()
        with pytest.raises(libftps.Truncated):
            list(entries)
        with pytest.raises(libftps.Truncated):
            next(entries)
        client.noop()


@pytest.mark.parametrize("end", [Client.close, Client.cancel])
def test_closing_or_cancelling_the_client_ends_an_iteration(crowded: Client, end: Callable[[Client], None]) -> None:
    entries = crowded.iter_list("many")
    next(entries)
    end(crowded)
    with pytest.raises(libftps.Cancelled):
        list(entries)


def test_another_client_works_in_an_iteration(strict: StartStrict, root: Path) -> None:
    server = strict(root=root)
    with server.client() as client, server.client() as other:
        sizes = [other.size(item.path) for item in client.walk() if item.entry and item.entry.is_file]
    assert len(sizes) == 5


def test_real_servers_list_walk_and_delete(demanding: RealServer) -> None:
    with demanding.client() as client:
        client.change_directory(demanding.home)
        client.make_directory("tree")
        client.make_directory("tree/inner")
        client.write_bytes("tree/inner/file", b"1")
        assert names(client.list("tree")) == ["inner"]
        assert names(client.iter_list("tree")) == ["inner"]
        assert [item.path for item in client.walk("tree")] == ["tree/inner", "tree/inner/file"]
        assert client.delete_tree("tree") == libftps.DeletedTree(3, ())
