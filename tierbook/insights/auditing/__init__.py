"""The audit: what past pictures cost, what routing would have cost, what is missing."""
