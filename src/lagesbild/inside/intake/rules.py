"""What the gate demands, in words: each rule's code, what it says and how to mend what breaks it.

A rule never quotes what it found. Its code stands in docs/intake.md, and a test keeps it there.
"""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from collections.abc import Mapping

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place

_NEVER = Text(
    "Ta bort dem ur filen innan du sparar den igen; Lägesbild tar bara emot antal.",
    "Take them out of the file before you save it again; Lägesbild takes counts only.",
)
_CODES = Text(
    "Använd koderna eller orden i mallen (lagesbild template).",
    "Use the codes or words of the template (lagesbild template).",
)
_SAVE_AGAIN = Text(
    "Öppna filen i Excel, spara den som .xlsx och försök igen.",
    "Open the file in Excel, save it as .xlsx and try again.",
)
_VISIBLE = Text(
    "Gör det synligt, granska det och ta bort det som inte är antal.",
    "Unhide it, look through it and remove what is not counts.",
)
_LEAVE_TOTALS = Text(
    "Rätta delarna eller summan, eller ta bort summan: Lägesbild summerar själv.",
    "Mend the parts or the total, or leave the total out: Lägesbild adds up by itself.",
)

RULES: Mapping[str, tuple[Text, Text]] = {
    # The file
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
    # The workbook
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
    "sheet-name": (
        Text("Bladets namn är fri text.", "The sheet's name is free text."),
        Text("Döp bladet till indikatorns kod, till exempel D01.", "Name the sheet by the indicator's code, for instance D01."),
    ),
    # Headers
    "title-row": (
        Text("Tabellens första rad är en titel och inte kolumnernas rubriker.", "The table's first row is a title and not the columns' headers."),
        Text("Ta bort raderna ovanför rubrikerna.", "Remove the rows above the headers."),
    ),
    "code-and-name": (
        Text("Koden och namnet på raden hör inte ihop.", "The code and the name on the row do not belong together."),
        Text("Rätta en av dem, eller ta bort kolumnen med namn.", "Mend one of them, or remove the column of names."),
    ),
    "unknown-column": (
        Text(
            "Kolumnen är varken region, period, kön, ålder, indikator eller antal.",
            "The column is none of region, period, sex, age, indicator or count.",
        ),
        Text("Ta bort kolumnen, eller ge den mallens rubrik.", "Remove the column, or give it the template's header."),
    ),
    "missing-column": (
        Text(
            "Tabellen saknar indikator (kolumn eller bladnamn), region, period eller antal.",
            "The table lacks indicator (column or sheet name), region, period or count.",
        ),
        Text("Lägg till kolumnen.", "Add the column."),
    ),
    "column-twice": (
        Text("Två kolumner säger samma sak.", "Two columns say the same thing."),
        Text("Behåll en av dem.", "Keep one of them."),
    ),
    "stray-cell": (
        Text("Cellen står utanför tabellens kolumner.", "The cell stands outside the table's columns."),
        Text("Ta bort den.", "Remove it."),
    ),
    # Codes
    "unknown-indicator": (Text("Indikatorn finns inte i katalogen.", "The indicator is not in the catalogue."), _CODES),
    "indicator-not-imported": (
        Text(
            "Indikatorn räknas fram eller citeras, och tas aldrig emot.",
            "The indicator is computed or cited, and never taken in.",
        ),
        Text("Lämna in de antal som den räknas från.", "Hand in the counts that it is computed from."),
    ),
    "unknown-region": (Text("Platsen är varken en kommun, ett län eller någon annan känd plats.", "The place is neither a municipality, a county nor any other known place."), _CODES),
    "unknown-period": (
        Text("Perioden går inte att läsa.", "The period cannot be read."),
        Text("Skriv 2024, 2024H1, 2024Q3 eller 2024M07, som text.", "Write 2024, 2024H1, 2024Q3 or 2024M07, as text."),
    ),
    "period-out-of-range": (
        Text(
            "Perioden ligger före 1999, då sexköpslagen kom, eller är inte avslutad.",
            "The period is before 1999, when the law came, or has not ended.",
        ),
        Text("Ta bara med avslutade perioder från 1999.", "Include only ended periods from 1999 on."),
    ),
    "unknown-sex": (Text("Könet går inte att läsa.", "The sex cannot be read."), _CODES),
    "unknown-age": (Text("Åldersgruppen går inte att läsa.", "The age group cannot be read."), _CODES),
    "level-too-fine": (
        Text(
            "Indikatorn tas inte emot på så fin geografisk nivå.",
            "The indicator is not taken at so fine a geographical level.",
        ),
        Text(
            "Lämna in den nivå som katalogen anger. Skriv län i sin helhet: Uppsala län.",
            "Hand in the level that the catalogue names. Write counties in full: Uppsala County.",
        ),
    ),
    "wrong-frequency": (
        Text("Perioden är kortare än indikatorns mätperiod.", "The period is shorter than the indicator's own."),
        Text("Lämna in den periodlängd som katalogen anger.", "Hand in the period length that the catalogue names."),
    ),
    "sex-not-collected": (
        Text("Indikatorn delas inte upp på det könet.", "The indicator is not split by that sex."),
        _CODES,
    ),
    "age-not-collected": (
        Text("Indikatorn delas inte upp på den åldersgruppen.", "The indicator is not split by that age group."),
        _CODES,
    ),
    # Counts
    "not-a-count": (
        Text("Cellen är inget antal.", "The cell is no count."),
        Text(
            "Skriv ett heltal, lämna cellen tom eller skriv ej tillämpligt.",
            "Write a whole number, leave the cell empty or write not applicable.",
        ),
    ),
    "negative-count": (
        Text("Antalet är negativt.", "The count is negative."),
        Text("Antal är noll eller större.", "Counts are zero or more."),
    ),
    "fractional-count": (
        Text("Antalet har decimaler.", "The count has decimals."),
        Text("Lämna in antal, inte andelar eller medelvärden.", "Hand in counts, not shares or means."),
    ),
    "ambiguous-number": (
        Text(
            "Talet kan läsas på två sätt: tusental eller decimaler.",
            "The number can be read in two ways: thousands or decimals.",
        ),
        Text("Skriv tusental med mellanslag eller inget alls.", "Write thousands with a space or nothing."),
    ),
    "ambiguous-mark": (
        Text(
            "Ett streck, eller NA, kan betyda noll, att uppgift saknas eller att den inte kan finnas.",
            "A dash, or NA, can mean zero, that nothing is known, or that there can be nothing.",
        ),
        Text(
            "Skriv 0 för noll, lämna tomt när uppgift saknas, skriv ej tillämpligt när den inte kan finnas.",
            "Write 0 for zero, leave blank for no report, write not applicable where there can be none.",
        ),
    ),
    "percentage": (
        Text("Cellen är en andel i procent.", "The cell is a percentage."),
        Text("Lämna in antal, i celler med formatet Allmänt.", "Hand in counts, in cells of the format General."),
    ),
    "masked-count": (
        Text("Antalet är redan maskerat.", "The count is masked already."),
        Text(
            "Lämna in det verkliga antalet: Lägesbild skyddar det. Lämna tomt om ni inte vet.",
            "Hand in the true count: Lägesbild protects it. Leave blank where you do not know.",
        ),
    ),
    "formula-error": (
        Text("Formeln i cellen ger ett fel.", "The cell's formula gives an error."),
        Text("Rätta formeln eller skriv in värdet.", "Mend the formula or write the value."),
    ),
    "formula-without-value": (
        Text("Formeln i cellen har aldrig räknats ut.", "The cell's formula was never calculated."),
        Text("Öppna filen i Excel, räkna om och spara.", "Open the file in Excel, recalculate and save."),
    ),
    "date-in-cell": (
        Text("Cellen är ett datum.", "The cell is a date."),
        Text(
            "Skriv perioder som 2024 eller 2024M07 i celler med formatet Text. Datum om personer tas aldrig emot.",
            "Write periods as 2024 or 2024M07 in cells of the format Text. Dates about persons are never taken in.",
        ),
    ),
    "unknown-category": (
        Text("Värdet är inget av indikatorns svarsalternativ.", "The value is none of the indicator's answers."),
        Text("Använd siffran i katalogen.", "Use the number in the catalogue."),
    ),
    "count-too-large": (
        Text(
            "Antalet är orimligt stort för platsens folkmängd.",
            "The count is unreasonably large for the place's population.",
        ),
        Text(
            "Kontrollera att kolumnen är antal, och inte nummer på personer eller ärenden.",
            "Check that the column holds counts, and not numbers of persons or cases.",
        ),
    ),
    # Personal data
    "personal-number": (
        Text(
            "Här står något som liknar ett person-, samordnings- eller reservnummer.",
            "This looks like a personal, coordination or reserve number.",
        ),
        _NEVER,
    ),
    "phone": (Text("Här står något som liknar ett telefonnummer.", "This looks like a telephone number."), _NEVER),
    "e-mail": (Text("Här står något som liknar en e-postadress.", "This looks like an e-mail address."), _NEVER),
    "link": (Text("Här står något som liknar en länk eller IP-adress.", "This looks like a link or IP address."), _NEVER),
    "plate": (Text("Här står något som liknar ett registreringsnummer.", "This looks like a number plate."), _NEVER),
    "address": (Text("Här står något som liknar en adress.", "This looks like an address."), _NEVER),
    "user-name": (Text("Här står något som liknar ett användarnamn.", "This looks like a user name."), _NEVER),
    "digest": (
        Text(
            "Här står en kod som kan vara ett maskerat personnummer.",
            "This code may be a personal number in disguise.",
        ),
        _NEVER,
    ),
    "free-text": (
        Text("Här står fri text, som kan rymma namn eller händelser.", "Free text, which may hold names or events."),
        _NEVER,
    ),
    "hidden-characters": (
        Text("Texten har osynliga tecken.", "The text holds invisible characters."),
        Text("Skriv om cellen för hand.", "Type the cell anew."),
    ),
    # Open data from others
    "no-answer": (
        Text("Källan svarar inte, eller svarar med ett fel.", "The source does not answer, or answers with an error."),
        Text("Försök igen senare.", "Try again later."),
    ),
    "source-retired": (
        Text("Källan har stängt den version som frågades.", "The source has closed the version that was asked."),
        Text("Lägesbild behöver en ny version av läsaren.", "Lägesbild needs a newer version of this reader."),
    ),
    "other-host": (
        Text("Källan hänvisar till en annan server.", "The source points to another server."),
        Text("Inget hämtas därifrån. Anmäl det till den som driver källan.", "Nothing is fetched from there. Tell whoever runs the source."),
    ),
    "changed-format": (
        Text("Källans svar har inte den form som väntades.", "The source's answer does not have the expected form."),
        Text("Ingenting läses in. Jämför med källans beskrivning.", "Nothing is read. Compare with the source's description."),
    ),
    "fewer-rows": (
        Text("Källan saknar värden som den hade förut.", "The source lacks values that it had before."),
        Text("Behåll de tidigare värdena och fråga källan.", "Keep the earlier values and ask the source."),
    ),
    # The table as a whole
    "duplicate": (
        Text("Samma uppgift finns två gånger.", "The same cell stands twice."),
        Text("Behåll en rad per indikator, plats, period, kön och ålder.", "Keep one row per cell."),
    ),
    "row-per-event": (
        Text(
            "Tabellen ser ut som en rad per händelse eller person.",
            "The table looks like one row per event or person.",
        ),
        Text(
            "Räkna samman raderna och skriv ut nollorna.",
            "Count the rows together and write out the zeros.",
        ),
    ),
    "sum-of-sexes": (Text("Summan över kön stämmer inte.", "The sum over sexes does not add up."), _LEAVE_TOTALS),
    "sum-of-ages": (Text("Summan över ålder stämmer inte.", "The sum over ages does not add up."), _LEAVE_TOTALS),
    "sum-of-periods": (Text("Summan över perioder stämmer inte.", "The sum over periods does not add up."), _LEAVE_TOTALS),
    "sum-of-regions": (Text("Summan över platser stämmer inte.", "The sum over places does not add up."), _LEAVE_TOTALS),
    "sum-of-indicators": (
        Text(
            "Indikatorn går inte ihop med den som den är en del av, eller summan av.",
            "The indicator does not agree with what it is part of, or the sum of.",
        ),
        Text("Rätta den av dem som är fel.", "Mend the one that is wrong."),
    ),
}  # fmt: skip


def finding(rule: str, place: Place) -> Finding:
    """What breaks a rule, at its place."""
    says, remedy = RULES[rule]
    return Finding(rule, says, remedy, place)


def more(number: int) -> Finding:
    """Stands for the findings that are not shown one by one."""
    return Finding(
        "more",
        Text(f"Minst {number} fel till av dessa slag.", f"At least {number} more errors of these kinds."),
        Text("Rätta de första och kör igen.", "Mend the first ones and run again."),
    )
