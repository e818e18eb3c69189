"""Keys that stand in an address are kept out of the log."""

import logging
import re

KEY = re.compile(r"(^|\s|://[^/\s]+)/(welcome|invitations)/[^/\s]+")


class KeysLeftOut(logging.Filter):
    """Blackens the key of a welcome or an invitation in what Django says of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(blackened(each) if isinstance(each, str) else each for each in record.args)
        record.msg = blackened(record.msg) if isinstance(record.msg, str) else record.msg
        return True


def blackened(text: str) -> str:
    return KEY.sub(r"\1/\2/...", text)


def keep_keys_out_of_the_log() -> None:
    for name in ("django.request", "django.security.csrf", "django.security", "django.server"):
        logging.getLogger(name).addFilter(KeysLeftOut())
