"""Decide: unary tests, decision tables, their verification, the routers. Pure and columnar."""
