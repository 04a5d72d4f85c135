"""The options to use with a server, as the command line, Python, C and Java have them."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field

from ..address import Address

Value = str | int | bool | tuple[str, str]


@dataclass(frozen=True)
class _Words:
    """An option in each language.

    "{}" is its value, "{shell}" as a word of the shell, "{string}" as a literal; "{1.shell}" the second of two values.
    """

    command: str
    python: str
    c: str
    java: str


_WORDS = {
    "port": _Words("--port {}", "port={}", "ftps_client_set_port(client, {})", "port({})"),
    "implicit": _Words(
        "--implicit",
        "implicit=True",
        "ftps_client_set_security(client, FTPS_SECURITY_IMPLICIT)",
        "security(Security.IMPLICIT)",
    ),
    "ca_file": _Words(
        "--ca-file {shell}",
        "ca_file={string}",
        "ftps_client_add_roots_file(client, {string})",
        "extraRootsPem(Files.readAllBytes(Paths.get({string})))",
    ),
    "pins": _Words(
        "--pin {}", "pins=[{string}]", "ftps_client_add_pin_sha256(client, {string})", "pinSha256({string})"
    ),
    "verify": _Words(
        "--insecure",
        "verify=False",
        "ftps_client_set_danger_accept_any_certificate(client, 1)",
        "acceptAnyCertificate(true)",
    ),
    "server_name": _Words(
        "--server-name {shell}",
        "server_name={string}",
        "ftps_client_set_server_name(client, {string})",
        "tlsServerName({string})",
    ),
    "maximum_tls": _Words(
        "--tls-max {}",
        "maximum_tls={string}",
        "ftps_client_set_tls_versions(client, FTPS_TLS_1_2, FTPS_TLS_1_2)",
        "tlsVersions(TlsVersion.V1_2, TlsVersion.V1_2)",
    ),
    "resumption": _Words(
        "--resumption require",
        'resumption="require"',
        "ftps_client_set_resumption(client, FTPS_RESUMPTION_REQUIRE)",
        "resumption(ResumptionPolicy.REQUIRE)",
    ),
    "charset": _Words(
        "--charset {}",
        "charset={string}",
        "ftps_client_set_charset(client, {string})",
        "charset(Charset.forName({string}))",
    ),
    "client_certificate": _Words(
        "--cert {0.shell} --key {1.shell}",
        "client_certificate=({0.string}, {1.string})",
        "ftps_client_set_identity_files(client, {0.string}, {1.string})",
        "clientIdentityPem(Files.readAllBytes(Paths.get({0.string})), Files.readAllBytes(Paths.get({1.string})))",
    ),
    "active": _Words(
        "--active",
        "active=True",
        "ftps_client_set_active_mode(client, 0, 0, NULL, NULL, 0)",
        "activeMode(new ActiveMode())",
    ),
    "tolerate_missing_close_notify": _Words(
        "--tolerate-missing-close-notify",
        "tolerate_missing_close_notify=True",
        "ftps_client_set_tolerate_missing_close_notify(client, 1)",
        "tolerateMissingCloseNotify(true)",
    ),
}


@dataclass
class Advice:
    """Options of `Client`, with a reason for each.

    Attributes:
        options: the value of each.
        reasons: why.
    """

    options: dict[str, Value] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def use(self, option: str, value: Value, reason: str) -> None:
        """Adds an option."""
        self.options[option] = value
        self.reasons[option] = reason

    def snippets(self, address: Address, user: str | None) -> dict[str, str]:
        """How to connect with these options, by language."""
        who = user or "USER"
        return {
            "command line": self._command(address.host, who),
            "Python": self._python(address.host, who),
            "C": self._c(address.host, who),
            "Java": self._java(address.host, who),
        }

    def words(self, language: str) -> list[str]:
        """The options in "command", "python", "c" or "java"."""
        return [_filled(getattr(_WORDS[name], language), value) for name, value in self.options.items()]

    def _command(self, host: str, user: str) -> str:
        return " ".join(["libftps ls", "--user", shlex.quote(user), *self.words("command"), shlex.quote(host)])

    def _python(self, host: str, user: str) -> str:
        arguments = ", ".join([json.dumps(host), json.dumps(user), "password", *self.words("python")])
        return f"with libftps.Client({arguments}) as client:\n    print(client.names())"

    def _c(self, host: str, user: str) -> str:
        return "\n".join(
            [
                f"ftps_client_new(&client, {json.dumps(host)});",
                *(f"{call};" for call in self.words("c")),
                "ftps_client_connect(client);",
                f"ftps_client_login(client, {json.dumps(user)}, password);",
            ]
        )

    def _java(self, host: str, user: str) -> str:
        options = "".join(f"\n    .{call}" for call in self.words("java"))
        return (
            f"FtpsClient client = FtpsClient.builder({json.dumps(host)}){options}\n    .connect();\n"
            f"client.login({json.dumps(user)}, password);"
        )


def _filled(template: str, value: Value) -> str:
    for index, part in enumerate(value if isinstance(value, tuple) else (value,)):
        forms = {"shell": shlex.quote(str(part)), "string": json.dumps(str(part))}
        for form, text in forms.items():
            template = template.replace(f"{{{index}.{form}}}", text).replace(f"{{{form}}}", text)
        template = template.replace("{}", str(part))
    return template
