"""The standard library's `ftplib` on libftps.

    from libftps.ftplib import FTP_TLS          # was: from ftplib import FTP_TLS
    import libftps.ftplib as ftplib             # was: import ftplib

Scripts that use `FTP_TLS` go on as they are, and work with servers that want data connections to resume the control
connection's TLS session. Methods, arguments, return values and exceptions are those of the standard library: `FTP_TLS`
is a subclass of its `FTP_TLS`, and `error_perm` and the others are its own. Such an exception has the server's reply as
its text, and the error of libftps as its `__cause__`.

What differs, by design:

TLS. It is established by `connect`, before the login; `auth` returns the reply that AUTH TLS got then, and `login`
with `secure=False` is protected all the same. There is no `FTP`: making one raises `NotImplementedError`.

Data connections. They are under TLS from the login on, whether `prot_p` is called or not. `prot_c` raises `ValueError`,
unless `FTP_TLS(..., clear_data=True)` was made for data connections in clear. The address in a reply to PASV is not
followed, unless `trust_server_pasv_ipv4_address` is set before `connect`. `makepasv`, `makeport` and `ftpcp` raise
`NotImplementedError`. `source_address` has port 0.

Certificates. The server's certificate and host name are verified. Without `context` the platform's certificates are
trusted, and those that are added to the attribute `context` before `connect`. `FTP_TLS(..., verify=False)`, or a
context with `CERT_NONE`, switches it off: INSECURE.

Contexts. `connect` reads from a context: `verify_mode`, `check_hostname`, the certificate authorities that
`get_ca_certs` lists, the TLS versions and `keylog_filename`. Where it verifies and lists none, as when they come from a
folder (`capath`), the platform's certificates are trusted: pass `ca_file` for others. What a context trusts and cannot
list, revocation lists, and certificates verified without the host name are refused with `ValueError`. A client
certificate does not show in a context: pass `certfile` and `keyfile`, or `client_certificate`. Cipher suites, ALPN and
callbacks of a context have no effect, nor has `ssl_version`.

Waiting. Without `timeout` it is 30 seconds for connecting, 60 for a reply, 60 for silence on a data connection, unless
`socket.setdefaulttimeout` was called. `timeout=None` is without limit.

Sockets. `sock`, and what `transfercmd` returns, are no sockets, but have the methods that code uses: `recv`, `sendall`,
`makefile`, `unwrap`, `settimeout`, `version` and so on. The others raise `AttributeError`. Subclasses whose
`ntransfercmd` hands the TLS session over work unchanged where they call that of their base class and look at `_prot_p`;
they are not needed any more.

Transfers. An upload that an exception ends, or that is garbage-collected, is aborted, so that a part does not look
whole. A download whose end is missing raises `libftps.Truncated`. While a data connection is open no command can be
sent, not even NOOP: `FTP_TLS(..., keep_alive=30)` has libftps send it.

Errors. A connection that ends raises an `EOFError` that is a `ConnectionResetError` too. TLS errors are `ssl.SSLError`
as well as `libftps.TlsError`. Replies that are not in the encoding keep their bytes as surrogates; lines of listings
and texts that are not raise `UnicodeDecodeError`, as in the standard library.

All options of `libftps.Client` can be passed to `FTP_TLS` as keywords: `implicit=True`, `resumption="require"`,
`pins=[...]`, `proxy=...`; they go before what a context says.
"""

from ftplib import (  # type: ignore[attr-defined]
    B_CRLF,
    CRLF,
    FTP_PORT,
    MAXLINE,
    MSG_OOB,
    Error,
    all_errors,
    error_perm,
    error_proto,
    error_reply,
    error_temp,
    ftpcp,
    parse150,
    parse227,
    parse229,
    parse257,
    print_line,
)

from ._ftplib.client import FTP, FTP_TLS

__all__ = [
    "B_CRLF",
    "CRLF",
    "FTP",
    "FTP_PORT",
    "FTP_TLS",
    "MAXLINE",
    "MSG_OOB",
    "Error",
    "all_errors",
    "error_perm",
    "error_proto",
    "error_reply",
    "error_temp",
    "ftpcp",
    "parse150",
    "parse227",
    "parse229",
    "parse257",
    "print_line",
]
