"""What any file must be: readable, of a known kind, of a bearable size."""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from lagesbild.core.language import Text

RULES = {
    "no-file": (
        Text("Filen finns inte eller går inte att läsa.", "The file is missing or cannot be read."),
        Text("Kontrollera sökvägen och rättigheterna.", "Check the path and the permissions."),
    ),
    "file-name": (
        Text("Filens namn ser ut att säga vem någon är.", "The file's name seems to tell who someone is."),
        Text("Döp om filen.", "Rename the file."),
    ),
    "no-table": (
        Text("Filen har ingen rad med antal.", "The file has no row with counts."),
        Text("Fyll i minst en rad under rubrikerna.", "Fill in at least one row below the headers."),
    ),
    "unknown-kind": (
        Text(
            "Innehållet är inte det som filändelsen säger, eller är varken .xlsx, .csv eller .parquet.",
            "The content is not what the extension says, or is neither .xlsx, .csv nor .parquet.",
        ),
        Text(
            "Spara som Excelarbetsbok (.xlsx), CSV UTF-8 (.csv) eller Parquet, utan lösenord.",
            "Save as an Excel workbook (.xlsx), CSV UTF-8 (.csv) or Parquet, without a password.",
        ),
    ),
    "not-text": (
        Text("CSV-filen har tecken som inte är text.", "The CSV file holds characters that are not text."),
        Text("Spara som CSV UTF-8.", "Save as CSV UTF-8."),
    ),
    "too-large": (
        Text(
            "Filen är större, eller packar upp sig till mer, än vad som tas emot.",
            "The file is larger, or unpacks to more, than is accepted.",
        ),
        Text(
            "Dela upp den, eller spara tabellen som CSV utan annat innehåll.",
            "Split it, or save the table as CSV with nothing beside it.",
        ),
    ),
    "too-slow": (
        Text("Filen tar för lång tid att läsa.", "The file takes too long to read."),
        Text("Spara tabellen som CSV, eller dela upp den.", "Save the table as CSV, or split it."),
    ),
    "unreadable": (
        Text("Filen är trasig eller avklippt.", "The file is broken or truncated."),
        Text("Hämta eller spara filen på nytt.", "Fetch or save the file again."),
    ),
    "broken-quotes": (
        Text("Citattecknen på raden går inte ihop.", "The quotation marks on the row do not pair up."),
        Text("Spara som CSV från kalkylprogrammet.", "Save as CSV from the spreadsheet program."),
    ),
    "ragged-row": (
        Text("Raden har fler eller färre fält än rubrikraden.", "The row has more or fewer fields than the header."),
        Text("Ge varje rad lika många fält.", "Give every row the same number of fields."),
    ),
    "column-type": (
        Text("Kolumnen har en typ som inte är text eller tal.", "The column's type is neither text nor number."),
        Text("Spara koderna som text och antalen som heltal.", "Save codes as text and counts as integers."),
    ),
}  # fmt: skip
