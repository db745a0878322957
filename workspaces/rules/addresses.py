"""Which addresses a server of ours may talk to on somebody's behalf: public ones over https."""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST_URL = 2000
LOOPBACK = "127.0.0.1"
ODD = re.compile(r"[\x00-\x20\x7f\\]")
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
NAME = re.compile(rf"(?:{LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{1,61}}")
INWARD = frozenset(
    ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "arpa")
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def fault_of_url(url: str, *, loopback: bool = False) -> str:
    """Why this address may not be asked, as a code, or nothing.

    Codes: `url_form`, `url_scheme`, `url_person` (a name or password in it), `url_host`.
    `loopback` also lets http through to this machine, which only tests want. A name is judged here
    by its form alone; what it stands for is judged by `is_public` when it is connected to.
    """
    if len(url) > LONGEST_URL or not url.isascii() or ODD.search(url):
        return "url_form"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "url_form"
    if loopback and parts.scheme in ("http", "https") and parts.netloc == f"{LOOPBACK}:{port}":
        return ""
    faults = {
        "url_person": "@" in parts.netloc,
        "url_scheme": parts.scheme != "https",
        "url_form": bool(parts.fragment) or port == 0,
        "url_host": not _is_outward(host),
    }
    return next((code for code, is_there in faults.items() if is_there), "")


def _is_outward(host: str) -> bool:
    """Whether a name has the form of a public one, or is a public address in its usual spelling."""
    try:
        return is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        last = host.rpartition(".")[2].lower()
        return bool(NAME.fullmatch(host)) and last not in INWARD


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(part.is_global and not part.is_multicast for part in (found, *_inside(found)))


def _inside(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address] = [
        inner for inner in (address.ipv4_mapped, address.sixtofour) if inner is not None
    ]
    found += list(address.teredo or ())
    if address in NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found
