"""The learned router: features, models, policy, off-policy estimates, gates, its record."""
