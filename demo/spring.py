"""Spring Integration as a client of the demonstration, and the example application."""

import os
import subprocess
import zipfile
from pathlib import Path

from clients import DEADLINE, LISTS, LISTS_NOTHING, ROOT, Client

JAR = ROOT / "java-example/target/payments-0.1.0.jar"
LOGGING = ("logback-", "log4j-", "slf4j-", "jul-to-")  # without it, Spring keeps quiet


class Spring(Client):
    """`session.list(folder)` with one or the other session factory."""

    factory: str

    def list(self, folder):
        print(f'$ java ListWithSpring.java  # new {self.factory}().getSession().list("{folder}")')
        result = subprocess.run(
            ["java", "-cp", os.pathsep.join(map(str, libraries(self.server.ca.parent / "libraries"))),
             ROOT / "demo/ListWithSpring.java", self.factory, str(self.server.port), self.server.user,
             self.server.ca, folder],
            env={**os.environ, "FTPS_PASSWORD": self.server.password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )  # fmt: skip
        print(result.stdout, result.stderr, sep="", end="", flush=True)
        if result.returncode != 0:
            raise RuntimeError(f"java ended with exit code {result.returncode}")
        if not result.stdout:
            print("(an empty list, and no exception)", flush=True)
        return result.stdout.splitlines()


class StockSpring(Spring):
    """As it comes: a refused data connection looks like an empty folder."""

    name = "Spring Integration as it is"
    factory = "DefaultFtpsSessionFactory"
    promise = LISTS_NOTHING


class NativeSpring(Spring):
    """With libftps: one line differs."""

    name = "Spring Integration, libftps"
    factory = "NativeFtpsSessionFactory"
    promise = LISTS


def libraries(folder):
    """The jars inside the example application's."""
    with zipfile.ZipFile(JAR) as jar:
        names = [name for name in jar.namelist() if name.startswith("BOOT-INF/lib/") and name.endswith(".jar")]
        wanted = [name for name in names if not Path(name).name.startswith(LOGGING)]
        return [jar.extract(name, folder) for name in wanted]


def run_application(folder):
    """The Spring Boot application of java-example, with its own strict server; returns what it printed."""
    print("$ java -jar payments-0.1.0.jar --payments.demo.stop-when-done=true", flush=True)
    options = {
        "server.port": 0,
        "payments.demo.stop-when-done": "true",
        "payments.demo.server": ROOT / "target/release/strict-server",
        "payments.demo.folder": folder,
    }
    result = subprocess.run(
        ["java", "-jar", JAR, *(f"--{name}={value}" for name, value in options.items())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEADLINE,
    )
    print(result.stdout, end="", flush=True)
    if result.returncode != 0:
        raise RuntimeError(f"the application ended with exit code {result.returncode}")
    return result.stdout
