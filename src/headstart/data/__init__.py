"""Data: what a person has, as tasks and inputs; folds; duplicates and overlap.

The doors: `load` and `LoadOptions` (labelled data on disk), `from_arrays` (labelled data in Python),
`read_inputs` and `inputs_from` (without labels; `inspect_inputs` says what was left out, `modality_of` what
they are), `folds`,
`duplicates.find`, `overlap`, `select`.
"""

from headstart.data.arrays import from_arrays
from headstart.data.assembly import select
from headstart.data.folding import folds
from headstart.data.leakage import Overlap, overlap
from headstart.data.loading import load
from headstart.data.options import LoadOptions
from headstart.data.unlabelled import inputs_from, inspect_inputs, modality_of, read_inputs

__all__ = [
    "LoadOptions",
    "Overlap",
    "folds",
    "from_arrays",
    "inputs_from",
    "inspect_inputs",
    "load",
    "modality_of",
    "overlap",
    "read_inputs",
    "select",
]
