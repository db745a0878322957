"""The sentence of each fault of a connector, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

from metrics.rules.faults import Fault
from metrics.sources.wording import SENTENCES as OF_FILES
from metrics.sources.wording import sentence as sentence_of_files
from workspaces.rules.errors import Invalid, Problem

SENTENCES = {
    # the description
    "odd_characters": gettext_noop("The description holds damaged characters."),
    "bad_path": gettext_noop(
        "“%(value)s” is no path. Write names with dots, [] for every entry, [0] for one, "
        "[key=text] for the one that says so."
    ),
    "unknown_blank": gettext_noop("Nothing fills {%(value)s}. Known are: %(known)s."),
    "blank_in_host": gettext_noop(
        "{%(value)s} stands in the name of the server; it has to be of the shape “digits” or "
        "“subdomain”."
    ),
    "bad_header": gettext_noop("The header “%(value)s” cannot be set."),
    "param_shape": gettext_noop("“%(value)s” is not of the form that is needed here."),
    "path_or_constant": gettext_noop("Give one of: a path, a constant, the id of who did it."),
    "key_of_none": gettext_noop(
        "Rows that are added up, or have no day of their own, have no key."
    ),
    "window_of_today": gettext_noop("What has no day of its own is asked for today; no window."),
    "url_form": gettext_noop("This is not a whole address."),
    "url_scheme": gettext_noop("The address has to begin with https."),
    "url_person": gettext_noop("The address must not hold a user name or a password."),
    "url_host": gettext_noop("The address does not name a server of the public internet."),
    # the way there
    "inward": gettext_noop("The server’s name leads into a private network; it is not asked."),
    "no_such_host": gettext_noop("There is no server of this name."),
    "no_connection": gettext_noop("The server could not be reached."),
    "too_slow": gettext_noop("The server took too long to answer."),
    "cut_off": gettext_noop("The answer was cut off."),
    "too_large": gettext_noop("The answer is larger than MOps reads at once."),
    "packed_otherwise": gettext_noop("The answer is packed in a way that MOps does not read."),
    "redirected": gettext_noop("The server sent us elsewhere (redirect); that is not followed."),
    # the answer
    "busy": gettext_noop("The server asks for patience (%(value)s)."),
    "server_error": gettext_noop("The server failed (%(value)s)."),
    "unauthorized": gettext_noop("The server does not accept the credentials (%(value)s)."),
    "not_allowed": gettext_noop("The credentials do not allow this (%(value)s)."),
    "not_found": gettext_noop("The server does not know this address (%(value)s)."),
    "bad_status": gettext_noop("The server refused the request (%(value)s)."),
    "token_refused": gettext_noop("The server gave no token for the credentials (%(value)s)."),
    "is_html": gettext_noop("The server answered with a web page instead of data."),
    "not_text": gettext_noop("The answer is not UTF-8 text."),
    "not_json": gettext_noop("The answer is not valid JSON."),
    "not_csv": gettext_noop("The answer is not valid CSV (line %(row)s)."),
    "csv_names": gettext_noop("The first line of the CSV lacks names, or repeats one."),
    "csv_ragged": gettext_noop("Line %(row)s of the CSV has more or fewer cells than the first."),
    "other_form": gettext_noop("The answer has no rows where the description looks for them."),
    "page_repeats": gettext_noop(
        "A page came again; the fetch was stopped before it ran in circles."
    ),
    "next_elsewhere": gettext_noop("The next page lies on another server; it is not asked."),
    "rows_lack": gettext_noop("The server promised %(value)s rows and sent fewer."),
    "too_many_pages": gettext_noop(
        "There are more than %(value)s pages. Fetch fewer days at once."
    ),
    "too_long": gettext_noop("The pages take too long altogether. Fetch fewer days at once."),
    "too_much": gettext_noop(
        "The answers hold more than is read at once. Fetch fewer days at once."
    ),
    # a row
    "column_vanished": gettext_noop(
        "No row says anything under “%(value)s” any more, where there were values before: the "
        "answer has another form now. Nothing was changed."
    ),
    "row_form": gettext_noop("The row is not an object."),
    "unexpected": gettext_noop("“%(value)s” stands here, “%(expected)s” was expected."),
    "not_a_day_here": gettext_noop("“%(value)s” is not a day as the description says."),
    "other_day": gettext_noop("The day %(value)s was not asked for."),
    "key_twice": gettext_noop(
        "Two rows of the same key say different things: “%(value)s”. The description needs a key."
    ),
    # the run
    "stopped": gettext_noop("The fetch was stopped: the source was paused or removed."),
    "no_key_of_ours": gettext_noop(
        "The credentials cannot be read: the installation has lost the key that wrote them. "
        "Enter them again."
    ),
    "not_an_account": gettext_noop(
        "This is not the key of a service account: paste the whole JSON file."
    ),
    "secret_lacks": gettext_noop("The credentials are not complete: “%(value)s” is missing."),
    "gave_up": gettext_noop("After %(attempts)s attempts the fetch was given up: %(why)s"),
    "interrupted": gettext_noop("The fetch was interrupted %(value)s times and given up."),
    "store_refused": gettext_noop("%(why)s"),
}


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def sentence(fault: Fault) -> str:
    """What is wrong, for the person who looks at the connector."""
    if fault.code not in SENTENCES and fault.code in OF_FILES:
        return sentence_of_files(fault)
    told = _Blank(fault.more)
    told |= {"row": "" if fault.row is None else str(fault.row), "value": fault.value}
    if fault.code == "gave_up":
        told["why"] = sentence(Fault(told["why"], value=fault.value))
    return gettext(SENTENCES[fault.code]) % told


def problem_of(fault: Fault) -> Problem:
    """The fault as the API and the pages tell it."""
    return Problem(sentence(fault), fault.code, fault.pointer, fault.row, fault.column)


def invalid(faults: Iterable[Fault], *, under: str = "") -> Invalid:
    """The refusal (400) that names every fault, its pointers seen from `under`."""
    found = [problem_of(fault) for fault in faults]
    column = under.removeprefix("/")
    return Invalid(
        [
            Problem(one.message, one.code, f"{under}{one.pointer}", one.row, one.column or column)
            for one in found
        ]
    )
