"""Read the settings tabs, the built-in ones and the seller's, into one `Configuration`."""
