"""The named points between which a crash can fall, in the order an attempt passes them.

The product calls `WorkOptions.failpoint` at each and goes on; a test makes the process die there.
"""

from typing import Final

CLAIMED: Final = "claimed"
ABOUT_TO_SEND: Final = "about to send"
SENDING: Final = "sending"
REPLIED: Final = "replied"
PUT_BACK: Final = "put back"
SUBMITTED: Final = "submitted"
POLLED: Final = "polled"
READY: Final = "ready"
FETCHED: Final = "fetched"
ORIGINAL_KEPT: Final = "original kept"
RESULT_WRITTEN: Final = "result written"
DOWNLOADED: Final = "downloaded"
SETTLED: Final = "settled"

POINTS: Final = (
    CLAIMED,
    ABOUT_TO_SEND,
    SENDING,
    REPLIED,
    PUT_BACK,
    SUBMITTED,
    POLLED,
    READY,
    FETCHED,
    ORIGINAL_KEPT,
    RESULT_WRITTEN,
    DOWNLOADED,
    SETTLED,
)
