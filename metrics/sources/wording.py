"""The sentence of each fault, in the reader's language; a fault itself is only a code."""

import re
from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language, gettext, gettext_noop

from metrics.rules.faults import Fault
from workspaces.rules.errors import Invalid, Problem

SENTENCES = {
    # the file as a whole
    "file_is_empty": gettext_noop("The file is empty."),
    "file_only_header": gettext_noop("The file has a header in row %(row)s and no row below it."),
    "header_is_empty": gettext_noop(
        "Row %(row)s is blank; say in which row the names of the columns stand."
    ),
    "file_is_xlsx": gettext_noop(
        "This is an Excel workbook (XLSX), whatever its name says. Open it and save the "
        "sheet as CSV."
    ),
    "file_is_xls": gettext_noop(
        "This is an old Excel workbook (XLS). Open it and save the sheet as CSV."
    ),
    "file_is_ods": gettext_noop(
        "This is a LibreOffice document. Open it and save the sheet as CSV."
    ),
    "file_is_pdf": gettext_noop("This is a PDF. Export the table as CSV."),
    "file_is_archive": gettext_noop(
        "This is a compressed archive. Unpack it and choose the CSV inside."
    ),
    "file_is_binary": gettext_noop("This is a binary file, not a CSV: it is not made of text."),
    "file_is_cut": gettext_noop(
        "The file ends in the middle of row %(row)s, in column “%(column)s”. Export or "
        "copy it again."
    ),
    "file_is_cut_short": gettext_noop(
        "The file ends in the middle of row %(row)s. Export or copy it again."
    ),
    "file_is_cut_in_quotes": gettext_noop(
        "The file ends inside a quotation that begins in row %(row)s. It was cut, or a "
        "quotation mark is missing."
    ),
    "encoding_unknown": gettext_noop("The encoding of the file could not be told. Choose it."),
    "encoding_wrong": gettext_noop(
        "Row %(row)s cannot be read as %(encoding)s. Choose another encoding."
    ),
    "which_encoding": gettext_noop(
        "The file does not say its encoding, and it can be read in more than one way; of row "
        "%(at)s: %(readings)s. State the encoding: “encoding”."
    ),
    "say_encoding": gettext_noop(
        "The file does not say its encoding, and it can be read in more than one way. Say which "
        "reading of row %(at)s is right."
    ),
    "damaged_letter": gettext_noop(
        "In row %(row)s, column “%(column)s”, a letter is damaged: “%(value)s”. The file is in "
        "UTF-8, and this is none. Correct it, or state another encoding."
    ),
    "line_too_long": gettext_noop(
        "Line %(row)s is longer than %(most)s characters. Is this a CSV with one row per line?"
    ),
    "cell_too_long": gettext_noop(
        "A cell in row %(row)s is longer than %(most)s characters; a quotation mark may be missing."
    ),
    "bad_quotes": gettext_noop("The quotation marks in row %(row)s do not pair up."),
    "nul_character": gettext_noop(
        "Line %(row)s holds a NUL character; the file is damaged or no text."
    ),
    "too_many_columns": gettext_noop("The header in row %(row)s has more than %(most)s columns."),
    "too_many_rows": gettext_noop("The file has more than %(most)s rows. Split it."),
    "no_column": gettext_noop("The file has no column “%(column)s”. Its columns are: %(columns)s."),
    "file_is_html": gettext_noop("This is a web page, not a CSV. Export the table as CSV."),
    "file_is_no_workbook": gettext_noop(
        "The name says that this is an Excel workbook (XLSX), and it is none."
    ),
    "workbook_is_broken": gettext_noop("The Excel workbook is damaged. Save it again."),
    "workbook_has_macros": gettext_noop(
        "The Excel workbook holds macros. Save it as XLSX without macros, or as CSV."
    ),
    "workbook_is_bomb": gettext_noop(
        "The Excel workbook would unpack to more than a table can be. Save the sheet as CSV."
    ),
    "which_sheet": gettext_noop(
        "The workbook has several sheets. Say which one is meant: %(sheets)s."
    ),
    "no_sheet": gettext_noop("There is no sheet “%(value)s”. The sheets are: %(sheets)s."),
    "which_section": gettext_noop(
        "The file holds %(count)s tables, which are never mixed. Say which one is meant by its "
        "number: %(sections)s."
    ),
    "no_section": gettext_noop("There is no table %(value)s; the file has %(most)s."),
    "column_is_rate": gettext_noop(
        "The column “%(column)s” is a rate: rates do not add up. Import the counts (%(counts)s) "
        "and let MOps divide them."
    ),
    "column_is_percent": gettext_noop(
        "The column “%(column)s” holds percentages, which do not add up. Import the counts that "
        "they are made of, and let MOps divide them."
    ),
    # what the file is an export of
    "no_preset": gettext_noop("There is no preset “%(value)s”. There are: %(known)s."),
    "no_such_rate": gettext_noop(
        "“%(value)s” is no rate that can be computed from this file. These can: %(known)s."
    ),
    "no_question": gettext_noop("“%(value)s” is never asked. Answers are: %(known)s."),
    "answer_is_no_number": gettext_noop("The answer “%(value)s” to “%(name)s” is no whole number."),
    "not_recognised": gettext_noop(
        "The file is not recognised as an export of a known tool. Describe its columns by a "
        "mapping."
    ),
    "several_presets": gettext_noop(
        "The file could be an export of several tools: %(names)s. Say which one."
    ),
    "not_this_preset": gettext_noop(
        "The file is no export of “%(value)s”: that has the columns %(needs)s."
    ),
    "one_campaign": gettext_noop(
        "This is the report of a single campaign, not a table. Export all campaigns instead."
    ),
    "no_counts": gettext_noop(
        "“%(value)s” was recognised, and the file holds none of the counts that are imported."
    ),
    "ask_day": gettext_noop(
        "No row says a day, and the file states no period. Say on which day the values stand and "
        "how many days they cover: answer “day” (and “span”), or in a mapping "
        '"day": {"fixed": "2026-05-29", "span": 30}.'
    ),
    "ask_day_all_time": gettext_noop(
        "The file says only “All time”: its values belong to no day. Export it by day, or say on "
        "which day they stand and how many days they cover: answer “day” (and “span”), or in a "
        'mapping "day": {"fixed": "2026-05-29", "span": 30}.'
    ),
    "say_day": gettext_noop(
        "No row says a day, and the file states no period. Say below on which day the values "
        "stand and how many days they cover. They are never spread."
    ),
    "say_day_all_time": gettext_noop(
        "The file says only “All time”: its values belong to no day. Export it by day, or say "
        "below on which day they stand and how many days they cover."
    ),
    "say_day_format": gettext_noop(
        "The days in “%(column)s” (%(sample)s) can be read in several ways or in none. Which "
        "one is meant?"
    ),
    "say_currency": gettext_noop(
        "The file holds several currencies (%(choices)s), which are never added. Which one is "
        "to be read?"
    ),
    "currency_chosen": gettext_noop(
        "Only the rows in %(value)s are read; those in other currencies are passed over."
    ),
    "say_section": gettext_noop(
        "The file holds %(count)s tables, which are never mixed. Which one is to be read?"
    ),
    "say_sheet": gettext_noop("The workbook has several sheets. Which one is to be read?"),
    "ask_year": gettext_noop(
        "The days in “%(column)s” (%(sample)s) have no year: answer “year”, such as 2026."
    ),
    "say_year": gettext_noop(
        "The days in “%(column)s” (%(sample)s) have no year. Say below in which one they lie."
    ),
    "ask_day_format": gettext_noop(
        "The days in “%(column)s” (%(sample)s) can be read in several ways or in none: "
        "answer “day_format”, such as %(choices)s."
    ),
    "day_is_stated": gettext_noop(
        "No row says a day; the file states the period %(stated)s. Its values are put on the last "
        "day of it and never spread. Correct “One day for all rows” below if that is wrong."
    ),
    "currency_unsaid": gettext_noop(
        "The file does not say its currency. Amounts are plain numbers unless you choose the unit "
        "“Money” and state the currency below."
    ),
    "ask_currency": gettext_noop(
        "The file holds several currencies (%(choices)s), which are never added. Say which one is "
        "meant: answer “currency”."
    ),
    # one row or cell
    "ragged": gettext_noop("Cells in the row: %(cells)s; in the header: %(expected)s."),
    "no_day": gettext_noop("The day is missing."),
    "not_a_day": gettext_noop(
        "“%(value)s” is not a day of the form that the mapping states, from 1900 to 2200."
    ),
    "not_a_number": gettext_noop("“%(value)s” is not a number."),
    "other_sign": gettext_noop(
        "“%(value)s” is in another currency than the one that is read here. Amounts of different "
        "currencies are never added."
    ),
    "signs_of_other_money": gettext_noop(
        "The signs %(value)s stand for different currencies, or for another one than that of a "
        "metric (%(currency)s). Amounts of different currencies are never added: name one sign."
    ),
    "is_percent": gettext_noop(
        "“%(value)s” is a percentage. Import the counts and let MOps compute the rate."
    ),
    "is_grouped": gettext_noop(
        "“%(value)s” looks like a number with grouped digits. State the thousands mark "
        "in the mapping."
    ),
    "formula_unsaved": gettext_noop(
        "“%(value)s” is a formula without a stored value. Open the workbook in a spreadsheet, save "
        "it and send it again."
    ),
    "grouped_or_not": gettext_noop(
        "“%(value)s” can be grouped digits or have decimals, and no other number of the file tells "
        "which. State the decimal mark in the mapping."
    ),
    "other_decimal_mark": gettext_noop(
        "“%(value)s” uses another decimal mark than the mapping states, or than other numbers of "
        "the file."
    ),
    "out_of_range": gettext_noop(
        "“%(value)s” is out of range: at most %(limit)s in units of the last decimal are kept."
    ),
    "bad_dimension": gettext_noop(
        "“%(value)s” is too long for a dimension, or holds a damaged character."
    ),
    "no_key": gettext_noop("The key is missing."),
    "bad_key": gettext_noop("“%(value)s” is too long for a key, or holds a damaged character."),
    "bad_id": gettext_noop("“%(value)s” is too long for an id, or holds a damaged character."),
    "not_expected": gettext_noop(
        "“%(value)s” stands here; the mapping expects %(expected)s in each row."
    ),
    "metric_not_named": gettext_noop("The mapping does not say which metric “%(value)s” is."),
    "covers_several_days": gettext_noop(
        "The row covers several days (%(value)s) and is not spread over them. Put it on the last "
        'of them by "span": "last_day" in the mapping, or export by day.'
    ),
    "days_run_backwards": gettext_noop("The row ends before it begins (%(value)s)."),
    "span_too_long": gettext_noop("The row covers more than ten years (%(value)s)."),
    # the mapping
    "mapping_json": gettext_noop("This is not valid JSON: %(why)s."),
    "repeated_key": gettext_noop("This key comes twice."),
    "surrogate_characters_not_allowed": gettext_noop(
        "This text holds half of a letter (a lone surrogate)."
    ),
    "mapping_version": gettext_noop("The version of the mapping has to be the number 1."),
    "mapping_object": gettext_noop("An object in braces is expected here."),
    "mapping_array": gettext_noop("A list in brackets is expected here."),
    "mapping_unknown": gettext_noop("“%(value)s” is not known here. Known are: %(known)s."),
    "mapping_needed": gettext_noop("“%(value)s” is missing."),
    "mapping_text": gettext_noop("A text of at most %(most)s characters is expected here."),
    "mapping_name": gettext_noop(
        "“%(value)s” is no name: small letters, digits and underscores, a letter first, at most 63."
    ),
    "mapping_choice": gettext_noop("“%(value)s” is not possible here. Possible are: %(known)s."),
    "mapping_whole": gettext_noop("A whole number from %(least)s to %(most)s is expected here."),
    "mapping_too_many": gettext_noop("At most %(most)s entries are possible here."),
    "mapping_too_few": gettext_noop("At least %(least)s entry is needed here."),
    "mapping_twice": gettext_noop("“%(value)s” stands here twice."),
    "mapping_encoding": gettext_noop("“%(value)s” is not an encoding that MOps knows."),
    "mapping_same_marks": gettext_noop("The thousands mark and the decimal mark are the same."),
    "mapping_day_format": gettext_noop(
        "“%(value)s” is no format of a day. It needs a year (%%Y), a month (%%m, %%b) "
        "and a day (%%d), each once."
    ),
    "mapping_one_year": gettext_noop(
        "State the year either as a column in the parts or as a number."
    ),
    "mapping_column_or_constant": gettext_noop(
        "A metric has either a column or a constant, or the id of who did it."
    ),
    "mapping_long_or_wide": gettext_noop(
        "Either each row names its metric (“long”), or the metrics have columns."
    ),
    "mapping_flag": gettext_noop("Say true or false."),
    "mapping_timezone": gettext_noop(
        "“%(value)s” is no time zone of an instant, such as UTC or Europe/Warsaw."
    ),
    "mapping_instant_format": gettext_noop(
        "“%(value)s” is no format of an instant. It needs a day and an hour (%%H)."
    ),
    "mapping_fixed_day": gettext_noop("“%(value)s” is not a day such as 2026-01-31."),
    "mapping_constant": gettext_noop("“%(value)s” is not a number as this mapping writes them."),
    "metric_unknown": gettext_noop(
        "There is no metric “%(value)s” in this workspace. Add it under “create”, or "
        "correct the name."
    ),
    "metric_is_ratio": gettext_noop(
        "“%(value)s” is a ratio and is computed. Import its numerator and its denominator."
    ),
    "metric_is_derived": gettext_noop(
        "“%(value)s” is computed by a formula. Import the metrics that the formula names."
    ),
    "metric_not_unique": gettext_noop(
        "“%(value)s” does not count people; an id needs a metric of the kind “unique”."
    ),
    "dimension_not_allowed": gettext_noop(
        "The metric “%(value)s” has no dimension “%(dimension)s”. It may have: %(known)s."
    ),
    "metric_differs": gettext_noop(
        "There is a metric “%(value)s” already, and it differs in: %(what)s. Use another key, such "
        "as %(other)s; of a preset, answer “%(value)s” with it."
    ),
    "money_unsaid": gettext_noop(
        "“%(value)s” is in %(currency)s, and the file does not say its currency. Say it: in the "
        "field Currency, or of a preset by the answer “currency”. Amounts in another currency need "
        "a metric of their own."
    ),
    "import_refused": gettext_noop("The import was stopped and taken back: %(why)s"),
    "import_gave_up": gettext_noop("The import was interrupted %(attempts)s times and taken back."),
    "metric_changed": gettext_noop(
        "The metric “%(value)s” was changed while the file was being read."
    ),
}


DATED = ("day_is_stated",)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Blank(dict[str, str]):
    """Circumstances that a fault does not tell read as nothing."""

    def __missing__(self, name: str) -> str:
        return ""


def sentence(fault: Fault) -> str:
    """What is wrong and where, for the person who sent the file."""
    told = _Blank(fault.more)
    told |= {
        "row": "" if fault.row is None else str(fault.row),
        "column": fault.column,
        "value": fault.value,
    }
    if fault.code in DATED:
        told["stated"] = ISO_DAY.sub(_written_day, told["stated"])
    return gettext(SENTENCES[fault.code]) % told


def _written_day(found: re.Match[str]) -> str:
    """A day as the reader's language writes it."""
    language = (get_language() or "en").replace("-", "_")
    return str(format_date(date.fromisoformat(found[0]), "d MMM y", locale=language))


def problem_of(fault: Fault) -> Problem:
    """The fault as the API and the pages tell it."""
    return Problem(sentence(fault), fault.code, fault.pointer, fault.row, fault.column)


def invalid(faults: Iterable[Fault]) -> Invalid:
    """The refusal (400) that names every fault."""
    return Invalid([problem_of(fault) for fault in faults])
