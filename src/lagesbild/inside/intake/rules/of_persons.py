"""What is never taken in: whatever looks like data about a person."""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from lagesbild.core.language import Text

_NEVER = Text(
    "Ta bort dem ur filen innan du sparar den igen; Lägesbild tar bara emot antal.",
    "Take them out of the file before you save it again; Lägesbild takes counts only.",
)

RULES = {
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
}  # fmt: skip
