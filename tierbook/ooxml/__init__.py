"""Edit an xlsx package in place: only the planned cells and parts change, and that is proved."""
