"""Every finding that loading can make: one table, so that no code is given twice.

Codes from HS-D20 on belong to loading; the checks of `headstart.inspection` have those below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headstart.core.finding import Finding
from headstart.core.kinds import Severity

SHOWN_PLACES = 50  # enough to act on; the count in the detail is always the whole one


@dataclass(frozen=True, slots=True)
class Note:
    """What is the same in every finding of one code."""

    code: str
    severity: Severity
    title: str
    remedy: str

    def __call__(
        self, detail: str, where: Sequence[str] = (), *, applied: str = "", rows: Sequence[int] = ()
    ) -> Finding:
        """The finding itself: what was seen, where, and what was done about it."""
        places = tuple(where[:SHOWN_PLACES])
        return Finding(
            self.code, self.severity, self.title, detail, places, self.remedy, applied, tuple(rows)
        )


GUESSED_COLUMNS = Note(
    "HS-D20",
    Severity.INFO,
    "Columns guessed",
    "If a guess is wrong, name the columns: --label, --text, --image.",
)
GUESSED_KIND = Note(
    "HS-D21",
    Severity.INFO,
    "Kind of task guessed",
    "If the guess is wrong, pass --kind classification or --kind regression.",
)
DAMAGED_FILES = Note(
    "HS-D22",
    Severity.WARNING,
    "Files that cannot be read",
    "Replace the files with whole copies, or delete them.",
)
FOREIGN_FILES = Note(
    "HS-D23",
    Severity.WARNING,
    "Files of another sort",
    "Move these files out of the data, or give them the content that their name says.",
)
HUGE_IMAGES = Note(
    "HS-D24",
    Severity.WARNING,
    "Images too large to decode",
    "Save smaller versions: more than about 1,000 pixels a side is not used anyway.",
)
MISSING_FILES = Note(
    "HS-D25",
    Severity.WARNING,
    "Files that the table names but that are not there",
    "Correct the paths (they are taken relative to the table's folder), or remove the rows.",
)
MISSING_LABELS = Note(
    "HS-D26",
    Severity.WARNING,
    "Rows without a label",
    "Label them, or pass them as --unlabelled.",
)
UNUSABLE_TARGETS = Note(
    "HS-D27",
    Severity.WARNING,
    "Targets that are not finite numbers",
    "Correct NaN and infinite values, or remove the rows.",
)
RAGGED_ROWS = Note(
    "HS-D28",
    Severity.WARNING,
    "Rows that do not fit the table",
    "Look for a missing quote or an unquoted delimiter in these rows.",
)
EMPTY_TEXTS = Note(
    "HS-D29",
    Severity.WARNING,
    "Empty texts",
    "Fill them in, or remove them.",
)
SINGLE_EXAMPLES = Note(
    "HS-D30",
    Severity.WARNING,
    "Classes with one example",
    "Add examples, or merge the class with another: no score can be estimated for it.",
)
MERGED_LABELS = Note(
    "HS-D31",
    Severity.INFO,
    "Labels normalised",
    "Correct the labels in the data to make this permanent.",
)
OTHER_ENCODING = Note(
    "HS-D32",
    Severity.INFO,
    "Text that is not plain UTF-8",
    "If letters look wrong in the report, save the files as UTF-8.",
)
CONVERTED_IMAGES = Note(
    "HS-D33",
    Severity.INFO,
    "Images converted",
    "Nothing to do, if these conversions keep what matters in your images.",
)
BARE_FOLDERS = Note(
    "HS-D34",
    Severity.INFO,
    "Folders without examples",
    "Delete the empty folders, or fill them.",
)

NOTES: tuple[Note, ...] = tuple(entry for entry in list(globals().values()) if isinstance(entry, Note))
