"""Runs a PostgreSQL server of its own in a temporary folder, for as long as a block lasts. Standard library only."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Nothing that makes commits less durable: fsync and synchronous_commit stay on. For shared_buffers PostgreSQL's manual
# advises a quarter of the memory; this is less than a tenth of that of the machine in the reports.
SHARED_BUFFERS = "2GB"
SETTINGS = [f"shared_buffers={SHARED_BUFFERS}", "max_wal_size=4GB", "max_connections=100", "listen_addresses="]
USER = "keeper"


def programs() -> Path | None:
    """The folder of Debian's newest server programs."""
    found = [Path(path) for path in glob.glob("/usr/lib/postgresql/*/bin") if Path(path, "initdb").exists()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Gives the folder of the server's socket. The server refuses root, so root runs it as the package's user."""
    folder = tempfile.mkdtemp(prefix="revisit-pg-", dir="/tmp")
    words: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data = f"{folder}/data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*words, str(programs() / program), "-D", data, *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    try:
        run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale")
        settings = " ".join(f"-c {setting}" for setting in [*SETTINGS, f"unix_socket_directories={folder}"])
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", settings, "start")
        os.chmod(folder, 0o711)
        try:
            yield folder
        finally:
            run("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_database(folder: str, name: str) -> str:
    """Makes an empty database; returns its URL."""
    subprocess.run([str(programs() / "createdb"), "-h", folder, "-U", USER, name], check=True)
    return f"postgres://{USER}@/{name}?host={folder}"
