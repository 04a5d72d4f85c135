"""Mirrors: a directory that is to be like another one on the other side."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import _calls, _reaper
from ._abi import Action, Compare, Direction, OnFailure, ReportNumbers, Status, ftps_mirror_progress
from ._calls import Guard, Span
from ._library import library
from ._naming import Names, RemotePath, local_path
from ._refusals import Suits, explained
from ._session import Callbacks, Cancel, Session, bare_error
from .errors import InvalidArgument, LocalError, WrongState, local_error
from .options import FilePath, one_of, unsigned

if TYPE_CHECKING:
    from .client import Client
    from .pool import Pool


@dataclass(frozen=True)
class Mirror:
    """Which side is to be like which, and how. Make one by `Mirror.upload` or `Mirror.download`, then `Client.plan`.

    Files are taken over with their times, so that the next time nothing is left to do.

    Attributes:
        direction: `Direction.DOWNLOAD`: the local directory is to be like the remote one; or `Direction.UPLOAD`.
        local: the local directory.
        remote: the directory on the server.
        compare: what makes two files differ: "size-and-time", "size", "hash" (size, or a hash that the server
            computes), or "nothing" (every file is transferred).
        tolerance: times that differ by no more seconds are the same; 2 suit a FAT file system.
        delete_extraneous: delete what only the target has. What a pattern leaves out stays, and so does everything as
            long as a part of the source cannot be read.
        atomic_uploads: an upload gets its name only when it is complete. Downloads always do.
        include: only files that match one of these patterns; one without "/" is a pattern of names at any depth.
        exclude: what matches one of these is left out, with all that is beneath.
    """

    direction: Direction
    local: FilePath
    remote: RemotePath
    compare: Literal["size-and-time", "size", "hash", "nothing"] = "size-and-time"
    tolerance: int = 0
    delete_extraneous: bool = False
    atomic_uploads: bool = True
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    @classmethod
    def upload(cls, local: FilePath, remote: RemotePath, **how: Any) -> Mirror:
        """The remote directory is to be like the local one. `how` are the attributes from `compare` on."""
        return cls(Direction.UPLOAD, local, remote, **how)

    @classmethod
    def download(cls, remote: RemotePath, local: FilePath, **how: Any) -> Mirror:
        """The local directory is to be like the remote one. `how` are the attributes from `compare` on."""
        return cls(Direction.DOWNLOAD, local, remote, **how)


@dataclass(frozen=True)
class Step:
    """What is done with one path.

    Attributes:
        path: beneath both roots; empty for the root itself.
        action: what is done.
        size: of its source; None where that is not known.
        reason: why, in a few words.
    """

    path: str
    action: Action
    size: int | None
    reason: str


@dataclass(frozen=True)
class MirrorProgress:
    """How far a mirror has come.

    Attributes:
        path: of the step that something happened in.
        moved: bytes of its file that have moved.
        is_over: whether the step is over.
        files_over, files: files that are over, and that there are.
        bytes_moved, bytes: bytes that have moved, and that there are as far as sizes are known.
    """

    path: str
    moved: int
    is_over: bool
    files_over: int
    files: int
    bytes_moved: int
    bytes: int


@dataclass(frozen=True)
class Failure:
    """A step that failed.

    Attributes:
        text: which, and why, in one line.
        status: the number of the status of its error.
    """

    text: str
    status: int


@dataclass(frozen=True)
class Report:
    """What became of a plan. `str` of it is for people: a line of numbers, and one for each failure.

    Attributes:
        files: files transferred; bytes: their bytes.
        directories: directories made.
        deleted: files, links and directories deleted from the target.
        skipped: files in which nothing had to be done, or which the plan leaves out with a reason.
        times_not_set: uploaded files whose time the server did not set.
        failures: steps that failed, and problems of the plan.
        not_done: steps that were not tried, because the mirror was stopped or no connection was left.
    """

    files: int
    bytes: int
    directories: int
    deleted: int
    skipped: int
    times_not_set: int
    failures: tuple[Failure, ...]
    not_done: int
    text: str

    @property
    def complete(self) -> bool:
        """Whether everything was done."""
        return not self.failures and self.not_done == 0

    def __str__(self) -> str:
        return self.text


class Plan(Sequence[Step]):
    """What a mirror will do: its steps in their order. `str` of it is for people; `execute` does it.

    Attributes:
        problems: paths that could not be read or must not be used, each a failure of the mirror.
    """

    def __init__(self, session: Session, mirror: Mirror) -> None:
        self._handles = _reaper.Handles(self)
        self._mirror = mirror
        self._steps: tuple[Step, ...] = ()
        self._text = ""
        self.problems: tuple[str, ...] = ()
        session.run(lambda handle: self._make(session, handle, mirror))

    def __getitem__(self, index: Any) -> Any:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps)

    def __str__(self) -> str:
        return self._text

    def execute(
        self,
        connection: Client | Pool,
        connections: int = 0,
        on_failure: Literal["continue", "stop"] = "continue",
        progress: Callable[[MirrorProgress], object] | None = None,
    ) -> Report:
        """Does what the plan says, once. What fails is in the report, which tells whether it is `complete`.

        Raises `LocalError`, and does nothing, where the local directory cannot be opened, or made for a download.

        Args:
            connection: the client to do it with, or a pool, which does it over several connections at a time.
            connections: of the pool, at most so many; 0 is as many as it may have.
            on_failure: "continue" does the other steps after one that failed, "stop" nothing more.
            progress: sees a `MirrorProgress` for every piece of every file and at every step's end. What it raises
                stops the mirror and reaches the caller unchanged.
        """
        how = one_of("on_failure", on_failure, OnFailure)
        execution = connection._execution(connections)
        callback = _progress(execution.guard, connection._session.names, progress)

        def execute(caller: int) -> Report:
            _open_local_root(self._mirror)
            report, plan = ctypes.c_void_p(), self._taken()
            status = execution.execute(ctypes.byref(report), caller, plan, how, callback)
            if status != Status.OK:
                # The library knows whether it can be executed again.
                self._handles.plan.append(plan)
                raise execution.error(status)
            library().ftps_plan_free(plan)
            return _report(report.value or 0)

        return execution.run(execute)

    def _make(self, session: Session, handle: int, mirror: Mirror) -> None:
        lib, plan = session.library, ctypes.c_void_p()
        native = _native(mirror, session.names)

        def make(handle: int) -> None:
            session.check(lib.ftps_client_plan(ctypes.byref(plan), handle, native), mirror.remote)

        try:
            if mirror.direction is Direction.DOWNLOAD:
                explained(handle, make, session.names.encode(mirror.remote), Suits.DIRECTORY)
            else:
                make(handle)
        except LocalError as error:
            error.filename = mirror.local
            raise
        finally:
            lib.ftps_mirror_free(native)
        pointer = plan.value or 0
        self._handles.plan.append(pointer)
        self._text = lib.ftps_plan_text(pointer).decode().rstrip("\n")
        self._steps = tuple(_step(pointer, index, session.names) for index in range(lib.ftps_plan_count(pointer)))
        count = lib.ftps_plan_problem_count(pointer)
        self.problems = tuple(lib.ftps_plan_problem(pointer, index).decode() for index in range(count))

    def _taken(self) -> int:
        for plan in _reaper.taken(self._handles.plan):
            return plan
        raise WrongState("the plan is being executed or was: have the mirror planned anew")


@dataclass(frozen=True)
class Execution:
    """How a plan is executed: what differs between a client and a pool."""

    guard: Guard
    run: Callable[[Callable[[int], Report]], Report]
    # Report, handle, plan, on_failure, progress.
    execute: Callable[[Any, int, int, int, Any], int]
    error: Callable[[int], Exception]


def execution_of_client(session: Session) -> Execution:
    """Over the connection of a client."""
    call = session.library.ftps_client_execute
    return Execution(
        session.guard,
        session.run,
        lambda report, handle, plan, how, progress: call(report, handle, plan, how, progress, None),
        session.error,
    )


def execution_of_pool(pool: int, callbacks: Callbacks, connections: int) -> Execution:
    """Over several connections of a pool, whose callbacks are these."""
    cancel, call, most = Cancel(), library().ftps_pool_execute, unsigned("connections", connections)
    guard = Guard(cancel)

    def run(execute: Callable[[int], Report]) -> Report:
        def work(span: Span) -> Report:
            span.begin()
            callbacks.guard = guard
            try:
                return guard.during(lambda: execute(pool))
            finally:
                callbacks.guard = None
                span.end()

        return _calls.run(work, cancel)

    return Execution(
        guard,
        run,
        lambda report, pool, plan, how, progress: call(report, pool, plan, most, how, cancel.pointer, progress, None),
        bare_error,
    )


def _native(mirror: Mirror, names: Names) -> int:
    """The mirror as the library has it, to be freed."""
    lib, made = library(), ctypes.c_void_p()
    compare = one_of("compare", mirror.compare, Compare)
    options = [
        (lib.ftps_mirror_set_compare, compare),
        (lib.ftps_mirror_set_tolerance, unsigned("tolerance", mirror.tolerance)),
        (lib.ftps_mirror_set_delete_extraneous, mirror.delete_extraneous),
        (lib.ftps_mirror_set_atomic_uploads, mirror.atomic_uploads),
        *((lib.ftps_mirror_include, names.encode(pattern)) for pattern in _listed(mirror.include)),
        *((lib.ftps_mirror_exclude, names.encode(pattern)) for pattern in _listed(mirror.exclude)),
    ]
    paths = local_path(mirror.local), names.encode(mirror.remote)
    status = lib.ftps_mirror_new(ctypes.byref(made), mirror.direction, *paths)
    if status != Status.OK:
        raise bare_error(status)
    for function, value in options:
        if function(made, value) != Status.OK:
            lib.ftps_mirror_free(made)
            raise InvalidArgument(f"{value!r} cannot be used for {function.__name__.removeprefix('ftps_mirror_')}")
    return made.value or 0


def _open_local_root(mirror: Mirror) -> None:
    """Makes the local root of a download, and opens it, as the library will do: a pool has no place for its error."""
    root, is_made = Path(os.fsdecode(mirror.local)), mirror.direction is Direction.DOWNLOAD
    try:
        if is_made:
            root.mkdir(parents=True, exist_ok=True)
        os.close(os.open(root, os.O_RDONLY | os.O_DIRECTORY))
    except OSError as error:
        what = "could not be made and opened" if is_made else "could not be opened"
        raise local_error(f"{root} {what}", error, mirror.local) from None


def _listed(patterns: str | Sequence[str]) -> Sequence[str]:
    return [patterns] if isinstance(patterns, str) else patterns


def _step(plan: int, index: int, names: Names) -> Step:
    action, size, reason = ctypes.c_int(), ctypes.c_int64(), ctypes.c_char_p()
    out = ctypes.byref(action), ctypes.byref(size), ctypes.byref(reason)
    path: bytes = library().ftps_plan_step(*out, plan, index)
    known = size.value if size.value >= 0 else None
    return Step(names.decode(path), Action(action.value), known, (reason.value or b"").decode())


def _progress(guard: Guard, names: Names, progress: Callable[[MirrorProgress], object] | None) -> Any:
    if progress is None:
        return ftps_mirror_progress()

    def show(path: bytes, moved: int, over: int, *numbers: int) -> int:
        progress(MirrorProgress(names.decode(path), moved, bool(over), *numbers[:4]))
        return 0

    return ftps_mirror_progress(guard.wrap(show, 1))


def _report(pointer: int) -> Report:
    """The report, which is freed."""
    lib = library()
    numbers = {which: lib.ftps_report_number(pointer, which) for which in ReportNumbers}
    made = Report(
        files=numbers[ReportNumbers.FILES],
        bytes=numbers[ReportNumbers.BYTES],
        directories=numbers[ReportNumbers.DIRECTORIES],
        deleted=numbers[ReportNumbers.DELETED],
        skipped=numbers[ReportNumbers.SKIPPED],
        times_not_set=numbers[ReportNumbers.TIMES_NOT_SET],
        failures=tuple(_failure(pointer, index) for index in range(numbers[ReportNumbers.FAILED])),
        not_done=numbers[ReportNumbers.NOT_DONE],
        text=lib.ftps_report_text(pointer).decode().rstrip("\n"),
    )
    lib.ftps_report_free(pointer)
    return made


def _failure(report: int, index: int) -> Failure:
    status = ctypes.c_int()
    text: bytes | None = library().ftps_report_failure(ctypes.byref(status), report, index)
    return Failure((text or b"").decode(), status.value)
