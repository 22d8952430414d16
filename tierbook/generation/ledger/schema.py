"""The tables of the ledger, as numbered migrations.

Rules that must hold whatever the program does live here, in the database: an attempt is never
deleted, moves only along `states.MOVES`, leaves a line in `history` at each move that nobody can
change, and no request key has two attempts that cost or may cost money.
"""

from tierbook.generation.ledger.states import MOVES, RELEASED

APPLICATION_ID = 0x7B1E6B00

_RELEASED = ", ".join(f"'{state}'" for state in sorted(RELEASED))

_ATTEMPTS = f"""
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    workbook TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT
) WITHOUT ROWID;

CREATE TABLE moves (
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (origin, target)
) WITHOUT ROWID;

CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    attempt TEXT NOT NULL UNIQUE,
    request_key TEXT NOT NULL CHECK (length(request_key) = 64),
    request_id TEXT NOT NULL,
    variant INTEGER NOT NULL,
    workbook TEXT NOT NULL,
    sku TEXT NOT NULL,
    placement TEXT NOT NULL,
    tier INTEGER NOT NULL,
    engine TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    run TEXT NOT NULL REFERENCES runs (run),
    owner TEXT NOT NULL REFERENCES runs (run),
    month TEXT NOT NULL,
    state TEXT NOT NULL,
    reserved_micro_usd INTEGER NOT NULL CHECK (reserved_micro_usd >= 0),
    quoted_micro_usd INTEGER CHECK (quoted_micro_usd >= 0),
    actual_micro_usd INTEGER CHECK (actual_micro_usd >= 0),
    job_id TEXT NOT NULL DEFAULT '',
    job_urls TEXT NOT NULL DEFAULT '{{}}',
    result_url TEXT NOT NULL DEFAULT '',
    provider_id TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    original TEXT NOT NULL DEFAULT '',
    result_file TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '{{}}',
    reason TEXT NOT NULL DEFAULT '',
    recipe TEXT NOT NULL DEFAULT '{{}}',
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    counted_micro_usd INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN state IN ({_RELEASED}) THEN 0
            WHEN state IN ('reserved', 'sending', 'submitted', 'ready', 'unknown')
                THEN max(reserved_micro_usd,
                         coalesce(quoted_micro_usd, 0), coalesce(actual_micro_usd, 0))
            ELSE coalesce(actual_micro_usd, quoted_micro_usd, reserved_micro_usd)
        END
    ) STORED
);

CREATE UNIQUE INDEX one_payable_attempt ON attempts (request_key)
    WHERE state NOT IN ({_RELEASED});
CREATE INDEX spend_of_run ON attempts (run, tier, counted_micro_usd);
CREATE INDEX spend_of_month ON attempts (month, tier, counted_micro_usd);
CREATE INDEX attempts_of_request ON attempts (request_id);
CREATE INDEX attempts_by_state ON attempts (state);

CREATE TABLE history (
    line INTEGER PRIMARY KEY,
    attempt TEXT NOT NULL,
    at TEXT NOT NULL,
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    counted_micro_usd INTEGER NOT NULL,
    reason TEXT NOT NULL
);

CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history
BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_never_deleted BEFORE DELETE ON history
BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER attempts_are_never_deleted BEFORE DELETE ON attempts
BEGIN SELECT raise(ABORT, 'attempts are kept'); END;
CREATE TRIGGER reservations_are_never_lowered BEFORE UPDATE ON attempts
    WHEN new.reserved_micro_usd <> old.reserved_micro_usd
      OR new.request_key <> old.request_key OR new.month <> old.month
      OR new.tier <> old.tier OR new.run <> old.run
BEGIN SELECT raise(ABORT, 'what was reserved stays as it was'); END;
CREATE TRIGGER attempts_start_reserved BEFORE INSERT ON attempts
    WHEN new.state <> 'reserved'
BEGIN SELECT raise(ABORT, 'an attempt starts reserved'); END;
CREATE TRIGGER attempts_move_by_the_table BEFORE UPDATE OF state ON attempts
    WHEN new.state <> old.state AND NOT EXISTS
        (SELECT 1 FROM moves WHERE origin = old.state AND target = new.state)
BEGIN SELECT raise(ABORT, 'no such move'); END;

CREATE TRIGGER what_was_paid_for_is_never_cancelled BEFORE UPDATE OF state ON attempts
    WHEN new.state = 'cancelled' AND old.state IN ('downloaded', 'linked')
        AND max(old.reserved_micro_usd, old.counted_micro_usd) > 0
BEGIN SELECT raise(ABORT, 'it was paid for'); END;

CREATE TRIGGER history_of_births AFTER INSERT ON attempts
BEGIN
    INSERT INTO history (attempt, at, origin, target, counted_micro_usd, reason)
    VALUES (new.attempt, new.created, '', new.state, new.counted_micro_usd, new.reason);
END;
CREATE TRIGGER history_of_moves AFTER UPDATE OF state ON attempts WHEN new.state <> old.state
BEGIN
    INSERT INTO history (attempt, at, origin, target, counted_micro_usd, reason)
    VALUES (new.attempt, new.changed, old.state, new.state, new.counted_micro_usd, new.reason);
END;
"""

_AROUND_PICTURES = """
-- How often the seller asked for a picture to be made anew. `open` is set while the sheet still
-- says "redo", so that running twice does not redo twice.
CREATE TABLE redos (
    request_id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    open INTEGER NOT NULL
) WITHOUT ROWID;

-- The bytes a source address gave last time, so that a plan needs no network.
CREATE TABLE sources (
    url TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE reviews (
    line INTEGER PRIMARY KEY,
    attempt TEXT NOT NULL REFERENCES attempts (attempt),
    decision TEXT NOT NULL CHECK (decision IN ('pending', 'approve', 'reject', 'redo')),
    reason TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX reviews_of_attempt ON reviews (attempt, line);
CREATE TRIGGER reviews_are_never_changed BEFORE UPDATE ON reviews
BEGIN SELECT raise(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER reviews_are_never_deleted BEFORE DELETE ON reviews
BEGIN SELECT raise(ABORT, 'reviews are append-only'); END;

-- What the router saw and chose, with the probability of that choice: the training material of
-- a learned router and of an honest comparison between two rubrics.
CREATE TABLE routings (
    line INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    request_id TEXT NOT NULL,
    features TEXT NOT NULL,
    tier INTEGER NOT NULL,
    rule TEXT NOT NULL,
    router TEXT NOT NULL,
    propensity REAL NOT NULL CHECK (propensity > 0 AND propensity <= 1),
    at TEXT NOT NULL
);
CREATE INDEX routings_of_request ON routings (request_id, line);
"""

# A provider's list may say of a charge in doubt that it was refused. A new ledger knows the move
# from its first entry on, which writes down `states.MOVES` as it stands.
_REFUSED_AFTER_ALL = "INSERT OR IGNORE INTO moves VALUES ('unknown', 'refused');\n"

MIGRATIONS: tuple[str, ...] = (
    _ATTEMPTS
    + "".join(
        f"INSERT INTO moves VALUES ('{origin}', '{target}');\n"
        for origin, targets in MOVES.items()
        for target in targets
    ),
    _AROUND_PICTURES,
    _REFUSED_AFTER_ALL,
)
"""Each entry brings the schema from version `index` to `index + 1`; entries are never edited."""
