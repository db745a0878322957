"""Ports: is one free, which one is, and who sits on the one that is not."""

import contextlib
import http.client
import ipaddress
import json
import socket
from pathlib import Path

ALIVE = {"app": "mops", "status": "ok"}
LISTENING = "0A"  # the state in the kernel's table
NEXT_PORTS = 20


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def free_port(host: str, after: int) -> int:
    """The next free port above one that is taken; any free one when those are taken too."""
    for port in range(after + 1, after + NEXT_PORTS):
        if is_free(host, port):
            return port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host.strip("[]"), 0))
        return int(probe.getsockname()[1])


def answers(host: str, port: int, *, timeout: float = 1.0) -> bool:
    """Whether MOps itself answers there: its own body, not just any 200."""
    connection = http.client.HTTPConnection(host.strip("[]"), port, timeout=timeout)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status == http.client.OK and json.loads(answer.read(1000)) == ALIVE
        except (OSError, ValueError, http.client.HTTPException):
            return False


def who_listens(port: int) -> str:
    """Name the process on a port as far as this user may see it, for a sentence."""
    if answers("127.0.0.1", port):
        return _with_process("another MOps", port)
    return _with_process("another program", port)


def _with_process(what: str, port: int) -> str:
    found = _process_on(port)
    return f"{what} ({found})" if found else what


def _process_on(port: int) -> str:
    wanted = {f"socket:[{inode}]" for inode in _inodes_on(port)}
    for link in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
        with contextlib.suppress(OSError):
            if str(link.readlink()) in wanted:
                process = link.parent.parent
                name = (process / "comm").read_text(encoding="utf-8").strip()
                return f"{name}, process {process.name}"
    return ""


def _inodes_on(port: int) -> list[str]:
    inodes = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                local, state, inode = (line.split()[index] for index in (1, 3, 9))
                if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                    inodes.append(inode)
    return inodes
