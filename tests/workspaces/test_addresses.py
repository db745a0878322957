"""Where a server of ours may go on somebody's behalf, and where it never goes."""

import pytest

from workspaces.rules.addresses import fault_of_url, is_public

INWARD = [
    "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://LOCALHOST./",
    "https://[::1]/", "https://0.0.0.0/", "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.5/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/",
    "https://224.0.0.1/", "https://[fd00:ec2::254]/", "https://[fe80::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
    "https://1.2.3.4.5/", "https://intranet/", "https://db.internal/", "https://printer.local/",
    "file:///etc/passwd", "gopher://example.com/", "ftp://example.com/", "http://example.com/",
    "https://", "https:///x", "example.com", "//example.com/", "javascript:alert(1)",
    "https://me:pass@example.com/", "https://me@example.com/", "https://example.com/#part",
    "https://example.com:0/", "https://example.com:99999/", "https://exa mple.com/",
    "https://example.com\\@127.0.0.1/", "https://example.com/\r\nHost: evil", "https://ex\x00.com/",
    "https://ⓔxample.com/", "https://example.com/" + "a" * 3000, "https://[::1", "https://%31/",
]  # fmt: skip


@pytest.mark.parametrize("url", INWARD)
def test_S01_an_address_that_leads_inward_is_refused_by_its_form(url):
    assert fault_of_url(url) != ""


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "https://api.example.com:8443/a?b=c",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
    ],
)
def test_a_public_address_is_let_through(url):
    assert fault_of_url(url) == ""


def test_this_machine_is_let_through_for_tests_alone():
    assert fault_of_url("http://127.0.0.1:8000/x", loopback=True) == ""
    assert fault_of_url("http://127.0.0.1:8000/x") != ""
    assert fault_of_url("http://127.0.0.1.nip.io:80/x", loopback=True) != ""
    assert fault_of_url("http://10.0.0.1:80/", loopback=True) != ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1", "192.0.2.1", "nonsense", "",
    ],
)  # fmt: skip
def test_S01_what_a_name_may_never_stand_for(address):
    assert not is_public(address)
