"""The monthly review as a page: headline, spending, judgements, what to change."""
