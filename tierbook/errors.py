"""What can stop a run.

    TierbookError                      exit   when
    ├── UsageError                     2      wrong option, or the seller said no
    ├── WorkbookError                  3      the workbook cannot be used
    │   ├── NotAWorkbook               3      another kind of file, damaged, or with a password
    │   ├── NothingToRoute             3      no header, no rows, or no telling which sheet
    │   └── EditRefused                3      the edit would lose something of the seller's
    ├── RubricError                    3      the rubric, or another settings tab, cannot be used
    ├── LedgerError                    3      the record of what was paid is missing or damaged
    └── EngineTrouble                  5      an engine or the network failed, the run is partial

A run that ends early with its answers written raises nothing: its outcome bears the exit code, 4
where a spending cap was reached, 5 for trouble, 6 where charges wait for the seller's decision.

A problem of one row never raises: it is a `Problem` (see `tierbook.model`), collected with
all the others.
"""


class TierbookError(Exception):
    """Stop the run with words for the seller.

    Args:
        message: What happened and where (file, tab, cell, SKU).
        fix: What to do next, as an instruction.
        money: Whether money moved, when it could have.
    """

    exit_code = 3
    code = "stopped"

    def __init__(self, message: str, *, fix: str = "", money: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.money = money


class UsageError(TierbookError):
    """The command was called in a way that cannot be carried out, or was declined."""

    exit_code = 2
    code = "usage"


class WorkbookError(TierbookError):
    """The workbook cannot be used as it is."""

    code = "workbook"


class NotAWorkbook(WorkbookError):
    """The file is of another kind, is damaged, or has a password."""

    code = "not-a-workbook"


class NothingToRoute(WorkbookError):
    """No header row, no rows, or no way to tell which sheet holds the requests."""

    code = "nothing-to-route"


class EditRefused(WorkbookError):
    """Writing in place would lose or break something; the file was left untouched."""

    code = "edit-refused"


class RubricError(TierbookError):
    """The rubric or another settings tab cannot be used."""

    code = "rubric"


class LedgerError(TierbookError):
    """The record of what was paid is missing or damaged; paid work stops."""

    code = "ledger"


class EngineTrouble(TierbookError):
    """An engine or the network failed; what was finished is kept."""

    exit_code = 5
    code = "engine-trouble"
