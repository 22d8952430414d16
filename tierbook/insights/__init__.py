"""What worked: audit, metrics, monthly review, alerts, checklist."""
