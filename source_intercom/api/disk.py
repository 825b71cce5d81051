"""Files that have no name in the file system: nobody else can open them, and nothing remains when the process ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import gettempdir

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.sentences import NO_ROOM


@contextmanager
def told_if_full(what: str) -> Iterator[None]:
    """Around what writes to and reads from the directory for temporary files.

    :param what: that is kept there
    :raises AirbyteTracedException: a config error if the directory does not take it
    """
    try:
        yield
    except OSError as error:
        sentence = NO_ROOM.format(directory=gettempdir(), what=what, reason=error.strerror)
        raise AirbyteTracedException(str(error), sentence, FailureType.config_error) from error
