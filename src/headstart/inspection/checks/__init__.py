"""One file per check; all are found by being here."""
