"""What a workbook may not carry beside its cells."""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from lagesbild.core.language import Text

_SAVE_AGAIN = Text(
    "Öppna filen i Excel, spara den som .xlsx och försök igen.",
    "Open the file in Excel, save it as .xlsx and try again.",
)
_VISIBLE = Text(
    "Gör det synligt, granska det och ta bort det som inte är antal.",
    "Unhide it, look through it and remove what is not counts.",
)

RULES = {
    "unknown-part": (
        Text("Arbetsboken har delar som inte hör till en tabell.", "The workbook has parts that no table needs."),
        Text("Kopiera tabellen till en ny arbetsbok.", "Copy the table into a new workbook."),
    ),
    "macros": (
        Text("Arbetsboken har makron.", "The workbook has macros."),
        Text("Spara som .xlsx utan makron.", "Save as .xlsx without macros."),
    ),
    "external-links": (
        Text("Arbetsboken länkar till andra filer.", "The workbook links to other files."),
        Text("Bryt länkarna (Data, Redigera länkar).", "Break the links (Data, Edit links)."),
    ),
    "embedded": (
        Text("Arbetsboken har inbäddade filer eller objekt.", "The workbook has embedded files or objects."),
        Text("Ta bort dem.", "Remove them."),
    ),
    "comments": (
        Text("Arbetsboken har kommentarer eller anteckningar.", "The workbook has comments or notes."),
        Text("Ta bort dem (Granska, Ta bort).", "Remove them (Review, Delete)."),
    ),
    "drawing": (
        Text("Arbetsboken har bilder, diagram eller former.", "The workbook has pictures, charts or shapes."),
        Text("Ta bort dem.", "Remove them."),
    ),
    "pivot": (
        Text(
            "Arbetsboken har en pivottabell. Den innehåller hela sitt underlag, rad för rad.",
            "The workbook has a pivot table, which carries its source rows along.",
        ),
        Text("Kopiera in värdena i en ny arbetsbok.", "Paste the values into a new workbook."),
    ),
    "defined-names": (
        Text("Arbetsboken har namngivna områden.", "The workbook has defined names."),
        Text("Ta bort dem (Formler, Namnhanteraren).", "Remove them (Formulas, Name Manager)."),
    ),
    "hidden-sheet": (Text("Bladet är dolt.", "The sheet is hidden."), _VISIBLE),
    "hidden-row": (Text("Raden är dold eller bortfiltrerad.", "The row is hidden or filtered out."), _VISIBLE),
    "hidden-column": (Text("Kolumnen är dold.", "The column is hidden."), _VISIBLE),
    "huge-sheet": (
        Text("Bladet uppger att det är orimligt stort.", "The sheet claims to be unreasonably large."),
        Text("Kopiera bara tabellen till en ny arbetsbok.", "Copy the table alone into a new workbook."),
    ),
    "xml-doctype": (
        Text("Arbetsboken har en DOCTYPE i sin XML.", "The workbook has a DOCTYPE in its XML."),
        _SAVE_AGAIN,
    ),
    "hyperlinks": (
        Text("Arbetsboken har hyperlänkar.", "The workbook has hyperlinks."),
        Text("Ta bort dem (högerklicka, Ta bort hyperlänk).", "Remove them (right-click, Remove Hyperlink)."),
    ),
    "properties": (
        Text(
            "Filens egenskaper (titel, ämne, nyckelord, kommentarer) har egen text.",
            "The file's properties (title, subject, keywords, comments) hold text of their own.",
        ),
        Text(
            "Ta bort dem (Arkiv, Info, Sök efter problem, Kontrollera dokument).",
            "Remove them (File, Info, Check for Issues, Inspect Document).",
        ),
    ),
    "page-header": (
        Text("Bladets sidhuvud eller sidfot har egen text.", "The sheet's page header or footer holds text."),
        Text("Ta bort den (Sidlayout, Skriv ut rubriker, Sidhuvud/sidfot).", "Remove it (Page Layout, Print Titles, Header/Footer)."),
    ),
    "cell-rules": (
        Text(
            "Dataverifiering, villkorsstyrd formatering eller ett filter har egen text.",
            "Data validation, conditional formatting or a filter holds text of its own.",
        ),
        Text("Ta bort regeln (Data, Dataverifiering; Start, Villkorsstyrd formatering).", "Remove the rule (Data, Data Validation; Home, Conditional Formatting)."),
    ),
    "number-format": (
        Text("Ett talformat lägger till egen text.", "A number format adds text of its own."),
        Text("Ge cellerna formatet Allmänt.", "Give the cells the format General."),
    ),
    "formula-text": (
        Text("Formeln i cellen har text i sig.", "The cell's formula holds text."),
        Text("Klistra in värdet i stället för formeln (Klistra in special, Värden).", "Paste the value in place of the formula (Paste Special, Values)."),
    ),
    "hidden-text": (
        Text("Filen bär på text som inte står i någon cell.", "The file carries text that stands in no cell."),
        Text("Kopiera tabellens celler till en ny fil (Klistra in special, Värden).", "Copy the table's cells into a new file (Paste Special, Values)."),
    ),
    "many-texts": (
        Text(
            "Filen bär på flera tusen texter som inte står i någon cell.",
            "The file carries thousands of texts that stand in no cell.",
        ),
        Text("Kopiera tabellens celler till en ny fil (Klistra in special, Värden).", "Copy the table's cells into a new file (Paste Special, Values)."),
    ),
    "sheet-name": (
        Text("Bladets namn är fri text.", "The sheet's name is free text."),
        Text("Döp bladet till indikatorns kod, till exempel D01.", "Name the sheet by the indicator's code, for instance D01."),
    ),
}  # fmt: skip
