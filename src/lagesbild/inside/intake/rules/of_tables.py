"""What a table must say: headers, codes, counts, and how they hang together."""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from lagesbild.core.language import Text

_CODES = Text(
    "Använd koderna eller orden i mallen (lagesbild template).",
    "Use the codes or words of the template (lagesbild template).",
)
_LEAVE_TOTALS = Text(
    "Rätta delarna eller summan, eller ta bort summan: Lägesbild summerar själv.",
    "Mend the parts or the total, or leave the total out: Lägesbild adds up by itself.",
)

_BRING_ALONG = Text(
    "Ta med summan och alla dess delar i samma fil, som de är nu.",
    "Bring the total and all its parts along in the same file, as they are now.",
)

RULES = {
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
    "no-indicator": (
        Text("Tabellen säger inte vilken indikator antalen gäller.", "The table does not say which indicator it counts."),
        Text(
            "Lägg till kolumnen indikator med koden på varje rad (D01), eller döp arbetsbokens blad till koden.",
            "Add a column indicator with the code on every row (D01), or name the workbook's sheet by the code.",
        ),
    ),
    "no-region": (
        Text("Tabellen har ingen kolumn för plats.", "The table has no column for the place."),
        Text("Lägg till kolumnen region, med kod eller namn på varje rad.", "Add a column region, with code or name on every row."),
    ),
    "no-period": (
        Text("Tabellen har ingen kolumn för period.", "The table has no column for the period."),
        Text("Lägg till kolumnen period: 2024, 2024H1, 2024Q3 eller 2024M07.", "Add a column period: 2024, 2024H1, 2024Q3 or 2024M07."),
    ),
    "no-count": (
        Text("Tabellen har ingen kolumn för antal.", "The table has no column for the count."),
        Text("Lägg till kolumnen antal, eller ge den den rubriken.", "Add a column count, or give it that header."),
    ),
    "wide-table": (
        Text(
            "Rubriken är en period, ett kön eller en åldersgrupp: antalen står i flera kolumner.",
            "The header is a period, a sex or an age group: the counts stand in several columns.",
        ),
        Text(
            "Skriv ett antal på varje rad, med perioden, könet och åldern i egna kolumner.",
            "Write one count on every row, with period, sex and age in columns of their own.",
        ),
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
    # The table together with what was imported before
    "stored-sum-of-sexes": (
        Text("Summan över kön stämmer inte med det som redan är infört.", "The sum over sexes does not add up with what was imported before."),
        _BRING_ALONG,
    ),
    "stored-sum-of-ages": (
        Text("Summan över ålder stämmer inte med det som redan är infört.", "The sum over ages does not add up with what was imported before."),
        _BRING_ALONG,
    ),
    "stored-sum-of-periods": (
        Text("Summan över perioder stämmer inte med det som redan är infört.", "The sum over periods does not add up with what was imported before."),
        _BRING_ALONG,
    ),
    "stored-sum-of-regions": (
        Text("Summan över platser stämmer inte med det som redan är infört.", "The sum over places does not add up with what was imported before."),
        _BRING_ALONG,
    ),
    "stored-sum-of-indicators": (
        Text(
            "Indikatorn går inte ihop med det som redan är infört av den som den är en del av, eller summan av.",
            "The indicator does not agree with what was imported before of what it is part of, or the sum of.",
        ),
        Text("Ta med båda indikatorerna i samma import, som de är nu.", "Bring both indicators along in the same import, as they are now."),
    ),
}  # fmt: skip
