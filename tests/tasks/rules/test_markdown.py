"""X02: what Markdown may become, and what stays a text."""

import re
import time

import pytest

from tasks.rules.markdown import Named, fill, named_in, to_html

HOSTILE_LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#9;script:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](//evil.example)",
    "[x](/w/acme/settings/)",
    "[x](\\\\evil.example)",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
]
HOSTILE_HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<b onmouseover=alert(1) style='x' id='a'>b</b>",
    '[x](https://a.example "t\\" onmouseover=alert(1) x=\\"")',
    '<span data-card="1">x</span>',
    "```<img src=x onerror=alert(1)>\n<script>\n```",
    "`<script>`",
    "| <script> |\n|-|\n| <img onerror=x> |",
    "@[<img src=x onerror=alert(1)>](member:1)",
    "![<img onerror=x>](attachment:1)",
    "<!-- --><![CDATA[<script>]]>",
    "\x00<script>\x00",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
ALLOWED = {
    "a", "blockquote", "br", "code", "del", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTE = re.compile(r' (?:dir="(?:auto|ltr)"|start="\d+"|href="(?:https?|mailto):[^"]*"'
                       r'|rel="noopener nofollow"|data-[a-z]+="[^"]*")')  # fmt: skip


def assert_tame(html):
    for _end, name, attributes in TAG.findall(html):
        assert name in ALLOWED, html
        assert ATTRIBUTE.sub("", attributes) == "", html


@pytest.mark.parametrize("text", HOSTILE_LINKS)
def test_X02_a_link_that_could_run_something_is_no_link(text):
    html = to_html(text)
    assert ' href="' not in html
    assert_tame(html)


@pytest.mark.parametrize("text", HOSTILE_HTML)
def test_X01_html_in_a_text_is_a_text(text):
    assert_tame(to_html(text))


def test_X02_a_link_leads_out_without_taking_anything_along():
    for text in ("[x](https://a.example)", "https://a.example", "<https://a.example>"):
        assert 'href="https://a.example" rel="noopener nofollow"' in to_html(text)
    assert 'href="mailto:ed@a.example"' in to_html("[x](mailto:ed@a.example)")
    assert "<a" not in to_html("read notes.md")


def test_X02_a_picture_from_elsewhere_is_a_link_to_it():
    html = to_html("![A cat](https://evil.example/t.gif)")
    assert "<img" not in html
    assert '<a href="https://evil.example/t.gif" rel="noopener nofollow">A cat</a>' in html


def test_what_people_write_most_is_drawn():
    html = to_html(
        "# Head\n\n**b** *i* ~~s~~ `c`\nnext\n\n- [ ] open\n- [x] done\n\n1. one\n\n"
        "> said\n\n|a|b|\n|-|-|\n|1|2|\n\n```sh\nls <x>\n```"
    )
    for part in (
        '<h4 dir="auto">Head</h4>', "<strong>b</strong>", "<em>i</em>", "<s>s</s>",
        '<code dir="ltr">c</code><br>', '<span data-tick="0"></span>open',
        '<span data-tick="1"></span>done', '<ol dir="auto">', "<blockquote",
        '<td dir="auto">1</td>',
        '<pre dir="ltr"><code dir="ltr">ls &lt;x&gt;',
    ):  # fmt: skip
        assert part in html
    assert_tame(html)


def test_each_block_has_a_direction_of_its_own():
    html = to_html("سلام\n\nHello\n\n- یک\n- two\n\n> نقل")
    assert html.count('<p dir="auto">') == 2
    assert '<ul dir="auto">\n<li>یک' in html  # an inner direction would hide it from the list
    assert '<blockquote dir="auto">\n<p>نقل' in html


def test_what_a_text_names_is_found_outside_of_code_and_links():
    text = (
        "#12, a#13 &#14; `#15` [#16](https://a.example) (#17) @[Ed](member:5)@[Mia](member:6) "
        "@Ann@Acme.example. ann@acme.example ![p](attachment:7) [file](attachment:8)\n\n    #18"
    )
    found = named_in([text, "#12", ""])
    assert found == Named(
        cards=frozenset({12, 17}),
        members=frozenset({5, 6}),
        emails=frozenset({"ann@acme.example"}),
        files=frozenset({7, 8}),
    )


def test_marks_are_filled_with_what_is_there_now():
    html = fill(
        to_html("See #12 & @[<b>](member:5)"),
        lambda kind, value, words: f"[{kind} {value} {words}]",
    )
    assert html == '<p dir="auto">See [card 12 #12] &amp; [member 5 @&lt;b&gt;]</p>\n'


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "> ",
        "*a ",
        "`a",
        "#1 ",
        "@[a",
        "_",
        "![",
        "<a ",
        "- ",
        "http://",
        "@a",
        "**a **",
        "&a;",
        "|a",
    ],
)
def test_F03_no_text_takes_long(unit):
    text = (unit * 20_000)[:20_000]
    begun = time.perf_counter()
    assert_tame(to_html(text))
    assert time.perf_counter() - begun < 10  # a second here; what is quadratic would take minutes
