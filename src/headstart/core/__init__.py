"""The ground floor: frozen records, protocols, errors. Imports nothing of ours, no torch."""
