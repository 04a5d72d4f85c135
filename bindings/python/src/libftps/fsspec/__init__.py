"""A file system for fsspec, and so for pandas, pyarrow, Dask and whatever else takes URLs: `ftps://`.

    import pandas

    pandas.read_csv("ftps://user@ftp.example.com/outbox/answer.csv", storage_options={"password": "..."})

`pip install libftps[fsspec]` brings what it needs, and then importing this module is not necessary. See
`help(libftps.fsspec.FTPSFileSystem)`.
"""

try:
    import fsspec
except ImportError as error:
    raise ImportError("libftps.fsspec needs fsspec: pip install libftps[fsspec]") from error

from .files import Reader, Writer
from .filesystem import FTPSFileSystem

fsspec.register_implementation("ftps", FTPSFileSystem, clobber=True)

__all__ = ["FTPSFileSystem", "Reader", "Writer"]
