"""Parts of addresses: `<record:number>` is the number of a record, as long as a database key can be."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class RecordConverter(IntConverter):
    """A longer number names nothing; as a plain `int` it would overflow the column and end in a 500."""

    regex = "[0-9]{1,15}"


register_converter(RecordConverter, "record")
