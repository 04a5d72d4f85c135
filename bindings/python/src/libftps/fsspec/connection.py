"""A file system's server: how it is found, logged in to, and found again in another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from fsspec.spec import AbstractFileSystem
from fsspec.utils import stringify_path, tokenize

from .. import pool as _pool
from ..client import Client
from ..errors import Closed, FileNotFound, InvalidArgument, LoginRefused
from ..options import ClientOptions
from . import logins, pools, urls

T = TypeVar("T")

_POOL_OPTIONS = ("maximum", "wait", "check_after", "expire_after")
_LISTING_OPTIONS = ("use_listings_cache", "listings_expiry_time", "max_paths")
# What fsspec hands to every file system, and has no meaning here.
_IGNORED = ("asynchronous", "loop", "batch_size")
# Seconds for a free connection: a long transfer of another thread is no reason to fail.
WAIT = 600.0


class Connected(AbstractFileSystem):  # type: ignore[misc]
    """What the methods of `FTPSFileSystem` need of the server. Nothing is sent before they are called."""

    protocol = urls.PROTOCOL
    root_marker = "/"
    # Instances cost nothing: what is worth keeping, connections and listings, they share.
    cachable = False
    blocksize = 8 * 2**20

    def __init__(
        self,
        host: str,
        *,
        user: str | None = None,
        password: str | None = None,
        credentials: logins.Provider | str | None = None,
        pickle_credentials: bool = False,
        auto_mkdir: bool = False,
        block_size: int | None = None,
        use_listings_cache: bool = False,
        **options: Any,
    ) -> None:
        user = options.pop("username", user)
        listing_options = {name: options.pop(name) for name in _LISTING_OPTIONS if name in options}
        options = {name: value for name, value in options.items() if name not in _IGNORED}
        _check_names(options)
        super().__init__(use_listings_cache=use_listings_cache, **listing_options)
        self.host = host
        self.port: int | None = options.get("port")
        self.auto_mkdir = auto_mkdir
        self.blocksize = block_size or self.blocksize
        self._options = {"wait": WAIT, **options}
        self._credentials = logins.Credentials(host, self.port, user, password, credentials)
        self._login: tuple[str, str] | None = None
        self._is_told_to_others = pickle_credentials
        given = {
            "user": user,
            "credentials": logins.named(credentials),
            "pickle_credentials": pickle_credentials,
            "auto_mkdir": auto_mkdir,
            "block_size": block_size,
            "use_listings_cache": use_listings_cache,
            **listing_options,
            **options,
        }
        self._given = {"host": host, **{name: value for name, value in given.items() if value not in (None, False)}}
        if use_listings_cache:
            self.dircache = pools.listings_of(self._fs_token, {"use_listings_cache": True, **listing_options})

    # Connections.

    def lease(self) -> _pool.LeasedClient:
        """A connection of the pool, as a client: close it to give it back. For what fsspec has no word for."""
        try:
            return self._pool().lease()
        except LoginRefused:
            # A provider may know better next time.
            self._login = None
            raise
        except Closed:
            # Another file system closed the pool between the two calls.
            return self._pool().lease()

    def store(self, path: str, send: Callable[[Client], object], with_directories: bool = False) -> None:
        """Has `send` store something at `path`; makes the directories it needs where told so, or by `auto_mkdir`."""
        try:
            self.on_connection(send)
        except FileNotFound:
            if not (with_directories or self.auto_mkdir):
                raise
            self.makedirs(self._parent(path), exist_ok=True)
            self.on_connection(send)
        finally:
            self.invalidate_cache(path)

    def on_connection(self, work: Callable[[Client], T]) -> T:
        """Has `work` done on a connection of the pool."""
        with self.lease() as client:
            return work(client)

    def close(self) -> None:
        """Closes the connections of the pool that are idle, and the others when they come back.

        File systems with the same server, login and options share the pool. Who needs it again gets a new one.
        """
        # Without a login there is no pool either.
        with suppress(InvalidArgument):
            pools.close(*self._key())

    def _pool(self) -> _pool.Pool:
        return pools.pool_of(*self._key())

    def _key(self) -> tuple[str, tuple[str, str], dict[str, Any]]:
        if self._login is None:
            self._login = self._credentials.find()
        return self.host, self._login, self._options

    # What fsspec asks of the class.

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        if isinstance(path, list):
            return [cls._strip_protocol(item) for item in path]
        return urls.path_of(stringify_path(path))

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, Any]:
        return urls.options_of(path)

    def unstrip_protocol(self, name: str) -> str:
        """The URL of a path, without the password."""
        return urls.url_of(self.host, self.port, self._credentials.user, self._strip_protocol(name))

    @property
    def fsid(self) -> str:
        """The server's URL."""
        return urls.url_of(self.host, self.port, None, "")

    def invalidate_cache(self, path: str | None = None) -> None:
        """Forgets the cached listings: all, or of a path, of what is beneath it, and of the directory that holds it."""
        if path is None:
            self.dircache.clear()
        else:
            path = self._strip_protocol(path)
            beneath = path.rstrip("/") + "/"
            for known in list(self.dircache):
                if known in (path, self._parent(path)) or known.startswith(beneath):
                    self.dircache.pop(known, None)
        super().invalidate_cache(path)

    # The file system in other processes.

    @property
    def storage_args(self) -> tuple[Any, ...]:
        """None: all arguments are in `storage_options`."""
        return ()

    @storage_args.setter
    def storage_args(self, arguments: object) -> None:
        """fsspec sets what it called the constructor with. Here that is known already."""

    @property
    def storage_options(self) -> dict[str, Any]:
        """The keywords that make an equal file system, without what is secret unless `pickle_credentials` is set."""
        if not self._is_told_to_others:
            return {name: value for name, value in self._given.items() if not _is_secret(name, value)}
        password = self._credentials.password
        return self._given if password is None else {**self._given, "password": password}

    @storage_options.setter
    def storage_options(self, options: object) -> None:
        """As above: the password is not to be kept with the others."""

    @property
    def _fs_token(self) -> str:
        """What equal file systems have in common, in all threads and processes."""
        public = {name: value for name, value in self._given.items() if not _is_secret(name, value)}
        token: str = tokenize(type(self).__qualname__, public)
        return token

    def to_dict(self, *, include_password: bool = True) -> dict[str, Any]:
        """As fsspec describes it. The password is in it only with `pickle_credentials`."""
        self._check_can_be_told()
        described: dict[str, Any] = super().to_dict(include_password=include_password)
        return described

    def __reduce__(self) -> Any:
        self._check_can_be_told()
        return super().__reduce__()

    def _check_can_be_told(self) -> None:
        """A password others find by themselves. What else is secret they do not, and would do without."""
        secret = [name for name, value in self._given.items() if _is_secret(name, value)]
        if secret and not self._is_told_to_others:
            raise InvalidArgument(
                f"the option {secret[0]} has a secret in it, which other processes are told only with "
                "pickle_credentials=True"
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unstrip_protocol('/')}>"


def _is_secret(option: str, value: Any) -> bool:
    return option == "client_certificate_data" or (option == "proxy" and "@" in str(value))


def _check_names(options: Mapping[str, Any]) -> None:
    known = {*ClientOptions.__annotations__, *_POOL_OPTIONS}
    for name in options:
        if name not in known:
            raise TypeError(
                f"there is no option {name!r}: see help(libftps.fsspec.FTPSFileSystem), help(libftps.ClientOptions)"
            )
