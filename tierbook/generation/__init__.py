"""Make the pictures under a hard cap: ledger, runner, HTTP, image safety."""
