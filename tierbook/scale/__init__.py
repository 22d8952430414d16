"""Tables past one machine's memory: Parquet in parts, on one machine or on many."""
