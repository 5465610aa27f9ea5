"""One file per mismatch; all are found by being here."""
