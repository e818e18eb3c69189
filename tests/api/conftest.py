"""What the API's tests share."""

from tests.api.reference import held_to_the_reference
from tests.jobs.hands import at_once

__all__ = ["at_once", "held_to_the_reference"]
