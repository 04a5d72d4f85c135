"""One pool a process for each server with each login and each set of options. File systems and threads share it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from fsspec.dircache import DirCache

from ..pool import Pool

# `setdefault` keeps the first of several threads' pools; the others have not connected and are dropped.
_pools: dict[Any, Pool] = {}
_listings: dict[str, DirCache] = {}


def pool_of(host: str, login: tuple[str, str], options: Mapping[str, Any]) -> Pool:
    """The pool for these arguments of `Pool`."""
    key = _key(host, login, options)
    pool = _pools.get(key)
    if pool is None:
        pool = _pools.setdefault(key, Pool(host, *login, **options))
    return pool


def close(host: str, login: tuple[str, str], options: Mapping[str, Any]) -> None:
    """Closes the pool, if there is one; who asks for it next gets a new one."""
    pool = _pools.pop(_key(host, login, options), None)
    if pool is not None:
        pool.close()


def listings_of(token: str, options: Mapping[str, Any]) -> DirCache:
    """The cache of listings that equal file systems share, so that each sees what the others change."""
    listings = _listings.get(token)
    return _listings.setdefault(token, DirCache(**options)) if listings is None else listings


def _key(host: str, login: tuple[str, str], options: Mapping[str, Any]) -> Any:
    return host, login, _hashable(dict(options))


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((name, _hashable(item)) for name, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(map(_hashable, value))
    return value


def _after_fork_in_child() -> None:
    """The pools are the parent's: freed here, they close the child's descriptors alone."""
    _pools.clear()


os.register_at_fork(after_in_child=_after_fork_in_child)
