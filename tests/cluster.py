"""A PostgreSQL cluster of the tests' own: in a temporary folder, on a socket, gone with the tests."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def programs() -> Path:
    """The folder of initdb and pg_ctl: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    return Path(found).parent if found else max(Path("/usr/lib/postgresql").glob("*/bin"))


class Cluster:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs. It refuses to run as root, so then it runs as nobody."""
        command = [str(programs() / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def database(self) -> str:
        """The address of a new, empty place for tables: a schema, which costs less than a database."""
        name = f"test_{uuid.uuid4().hex}"
        server = f"host={self.folder} user=tests dbname=postgres"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"postgresql://tests@/postgres?host={self.folder}&options=-csearch_path%3D{name}"

    def crash(self) -> None:
        """End every process of the server at once, as a power cut would."""
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=60"
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")


@contextmanager
def running() -> Iterator[Cluster]:
    # A socket's path may have at most 107 bytes, so the folder lies as high as it can.
    folder = Path(tempfile.mkdtemp(prefix="lb", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    cluster = Cluster(folder)
    try:
        cluster.run("initdb", "-D", "data", "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync")
        cluster.start()
        yield cluster
        cluster.crash()
    finally:
        shutil.rmtree(folder)
