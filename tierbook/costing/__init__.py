"""Price: the price book, estimates, the baseline, the budget fit. Pure, integer micro-USD."""
