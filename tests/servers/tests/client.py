"""FTPS clients for the harness tests, made from Python's ftplib.

usage: client.py WHAT HOST PORT CA_FILE USER PASSWORD [USER2]

WHAT is one of
  transfer       upload 1 MB, download it, list the directory, delete; resuming the control connection's session
  implicit       the same with implicit TLS
  plain          list without resuming, as ftplib.FTP_TLS does
  crossed        list as USER2 with USER's session
  truncated      upload, and end the data connection without close_notify; the server's reply
  abort          ABOR during an upload; the server's replies, then PWD's
  versions       which TLS versions the server speaks
  tickets        whether the control connection holds a TLS 1.3 ticket after login, and after EPSV

It prints what happened, one word or reply a line.
"""

import ftplib
import io
import os
import socket
import ssl
import sys

what, host, port, ca_file, user, password = sys.argv[1:7]
TIMEOUT = 30


# One for all connections: Python resumes a session only with the context that it was made with.
CONTEXT = ssl.create_default_context(cafile=ca_file)


class Resuming(ftplib.FTP_TLS):
    """Offers the session of another FTP_TLS's control connection; its own by default."""

    session_of = None

    def ntransfercmd(self, command, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, command, rest)
        control = (self.session_of or self).sock
        connection = self.context.wrap_socket(connection, server_hostname=self.host, session=control.session)
        return connection, size


class Implicit(Resuming):
    """TLS before the greeting."""

    def connect(self, host, port, timeout):
        self.host, self.timeout = host, timeout
        connection = socket.create_connection((host, port), timeout)
        self.af = connection.family
        self.sock = self.context.wrap_socket(connection, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


def login(kind=Resuming, name=user):
    client = kind(context=CONTEXT)
    client.connect(host, int(port), timeout=TIMEOUT)
    if kind is Implicit:
        ftplib.FTP.login(client, name, password)
    else:
        client.login(name, password)
    client.prot_p()
    return client


def transfer(kind):
    client = login(kind)
    content = os.urandom(1_000_000)
    client.storbinary("STOR sent.bin", io.BytesIO(content))
    received = io.BytesIO()
    client.retrbinary("RETR sent.bin", received.write)
    assert received.getvalue() == content, "the download differs from the upload"
    assert "sent.bin" in client.nlst(), "the listing lacks the upload"
    client.rename("sent.bin", "renamed.bin")
    client.delete("renamed.bin")
    print("home", client.pwd())
    client.quit()


def list_and_report(client):
    try:
        client.retrlines("LIST", lambda line: None)
        print("taken")
    except ftplib.Error as error:
        print(error)
    except (ssl.SSLError, ConnectionError):
        # The server closed the data connection first; its reply says why.
        print(client.getmultiline())


def truncated():
    client = login()
    connection = client.transfercmd("STOR cut.bin")
    connection.sendall(b"the beginning")
    # Closing the socket below TLS sends no close_notify.
    os.close(connection.detach())
    print(client.getmultiline())


def abort():
    client = login()
    connection = client.transfercmd("STOR cut.bin")
    connection.sendall(b"the beginning")
    client.putcmd("ABOR")
    print(client.getmultiline())
    print(client.getmultiline())
    connection.close()
    print(client.sendcmd("PWD"))


def versions():
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        client = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=ca_file))
        client.context.minimum_version = client.context.maximum_version = version
        client.connect(host, int(port), timeout=TIMEOUT)
        try:
            client.auth()
            print(client.sock.version())
        except (ssl.SSLError, ConnectionError):
            pass


def tickets():
    client = login()
    print("after login:", client.sock.session.has_ticket)
    client.sendcmd("EPSV")
    print("after EPSV:", client.sock.session.has_ticket)


if what == "transfer":
    transfer(Resuming)
elif what == "implicit":
    transfer(Implicit)
elif what == "plain":
    list_and_report(login(ftplib.FTP_TLS))
elif what == "crossed":
    first, second = login(), login(name=sys.argv[7])
    # With TLS 1.3 the ticket of a look-alike's control connection comes with EPSV.
    first.sendcmd("EPSV")
    second.session_of = first
    list_and_report(second)
elif what == "truncated":
    truncated()
elif what == "abort":
    abort()
elif what == "versions":
    versions()
elif what == "tickets":
    tickets()
else:
    sys.exit(__doc__)
