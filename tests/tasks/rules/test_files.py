import pytest

from tasks.rules.files import clean_name, disposition, is_address, served_type, type_of


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x", "x"), ("..\\..\\x", "x"), ("/etc/x", "x"), (".env", "env"), ("a/b", "b"),
        ("a\0b", "ab"), ("%2e%2e%2f", "%2e%2e%2f"), ("CON", "CON"), ("...", ""), (" ", ""),
        ("a\u202egnp.exe", "agnp.exe"), ("line\r\nSet-Cookie: x", "lineSet-Cookie: x"),
        ("\ud800x", "x"), ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
    ],
)  # fmt: skip
def test_F01_a_name_is_for_people_alone(name, kept):
    assert clean_name(name) == kept


def test_F01_a_long_name_keeps_its_ending():
    assert clean_name("x" * 300 + ".png") == "x" * 196 + ".png"
    assert len(clean_name("x" * 300)) == 200


def test_F01_a_download_names_its_file_as_headers_can():
    told = disposition('a"; filename=evil.exe;\u06cc.txt')
    assert told.startswith('attachment; filename="a__ filename_evil.exe__.txt"; filename*=UTF-8')
    assert told.isascii()
    assert told.count('"') == 2


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x89PNG\r\n\x1a\nxx", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"), (b"RIFF0000WEBPVP8 ", "image/webp"), (b"RIFF\0\0\0\0WAVE", ""),
        (b"%PDF-1.7", "application/pdf"), (b"Hello\n", "text/plain"),
        ("نامه\u200cها".encode(), "text/plain"), (b"<html>", ""), (b"  <svg xmlns=", ""),
        (b"\xef\xbb\xbf<!doctype html>", ""), (b"MZ\x90\0", ""), (b"PK\x03\x04", ""), (b"", ""),
        (b"a\x1bb", ""), (b"a < b", "text/plain"),
    ],
)  # fmt: skip
def test_F06_a_file_is_what_its_bytes_say(head, found):
    assert type_of(head) == found


def test_a_letter_that_is_cut_at_the_end_of_the_head_is_no_fault():
    assert type_of(b"x" + ("ی" * 5000).encode()[:8191]) == "text/plain"
    assert type_of(b"abc\xdb") == ""


def test_X04_what_could_run_is_served_as_bytes():
    assert served_type("text/plain") == served_type("") == "application/octet-stream"
    assert served_type("image/svg+xml") == served_type("text/html") == "application/octet-stream"
    assert served_type("image/png") == "image/png"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("https://a.example", True), ("HTTPS://a.example/x?y#z", True), ("http://a.example", False),
        ("javascript:alert(1)", False), ("https://u:p@a.example/", False), ("https://", False),
        ("https://a.example/a b", False), ("https://a.example/\u202e", False),
        ("//a.example", False),
    ],
)  # fmt: skip
def test_X12_a_link_begins_with_https_and_hides_nobody(text, fits):
    assert is_address(text) is fits
