"""What a file holds, as an import tells it."""

from rest_framework import serializers


class ReportOut(serializers.Serializer):
    first = serializers.DateField(allow_null=True, required=False)
    last = serializers.DateField(allow_null=True, required=False)
    days = serializers.IntegerField(required=False, help_text="days that have a value")
    gaps = serializers.ListField(
        child=serializers.ListField(child=serializers.DateField()),
        required=False,
        help_text="the first twenty stretches of days without, each as its first and last day",
    )
    has_more_gaps = serializers.BooleanField(required=False)
    repeats = serializers.IntegerField(
        required=False, help_text="rows that repeat another cell by cell; they count"
    )
    missing = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="rows without each dimension"
    )
    left_out = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="rows that are no data: total, footer, header",
    )
    superseded = serializers.IntegerField(
        required=False, help_text="rows whose key comes again; the last one counts"
    )
    spans = serializers.IntegerField(
        required=False, help_text="rows of several days, put on the last of them"
    )
    longest_span = serializers.IntegerField(required=False)
    ends_short = serializers.BooleanField(
        required=False, help_text="the last row has no line end and may have been cut in its cell"
    )
    encoding = serializers.CharField(
        required=False, help_text="in which the file was read; empty of a workbook"
    )
    encoding_guessed = serializers.BooleanField(
        required=False,
        help_text="neither the mapping nor the file states the encoding, and no other fits as well",
    )
    repeated_columns = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="read by the first of several columns of that name; the next one is NAME#2",
    )
    rounded = serializers.IntegerField(
        required=False, help_text="values with more decimals than their metric keeps"
    )
    withdrawn = serializers.IntegerField(
        required=False, help_text="values of these days that the file replaced and does not hold"
    )
    would_withdraw = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="of a dry run that replaces days: the values that it would withdraw, by metric",
    )
    would_count_twice = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="of a dry run: days, by metric, that the source has told already by other "
        "dimensions or over other spans; replace the days, name another source, or undo the other",
    )
    sums = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="of a dry run: the sum of each additive metric over the rows of the file, to "
        "compare with the tool's own total; not of more than 200,000 rows",
    )
