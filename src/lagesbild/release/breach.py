"""Why a seal does not hold: each way has a code, its rule and what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place

_FETCH = Text("Hämta publiceringen på nytt från utgivaren.", "Fetch the release again from its publisher.")
_ASK = Text(
    "Använd den inte, och fråga utgivaren vad som har hänt.",
    "Do not use it, and ask the publisher what has happened.",
)

RULES: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "missing-file": (
            Text("Filen saknas eller är ingen vanlig fil.", "The file is missing or is no plain file."),
            _FETCH,
        ),
        "extra-file": (
            Text("Filen hör inte till publiceringen.", "The file does not belong to the release."),
            Text(
                "Flytta bort den eller hämta publiceringen på nytt.",
                "Move it away or fetch the release again.",
            ),
        ),
        "truncated": (
            Text("Filen är kortare än när den förseglades.", "The file is shorter than when it was sealed."),
            _FETCH,
        ),
        "changed-file": (
            Text("Filen är ändrad eller utbytt.", "The file has been changed or exchanged."),
            _ASK,
        ),
        "changed-manifest": (
            Text(
                "Innehållsförteckningen är ändrad: signaturen stämmer inte.",
                "The manifest has been changed: the signature does not hold.",
            ),
            _ASK,
        ),
        "signature": (
            Text("Signaturen går inte att läsa.", "The signature is no readable signature."),
            _FETCH,
        ),
        "unknown-key": (
            Text(
                "Publiceringen är förseglad med en nyckel som du inte litar på.",
                "The release is sealed with a key that you do not trust.",
            ),
            Text("Kontrollera nyckellistan med utgivaren.", "Check the key list with the publisher."),
        ),
        "expired-key": (
            Text(
                "Publiceringen är daterad efter nyckelns sista dag.",
                "The release is dated after the key's last day.",
            ),
            _ASK,
        ),
        "format": (
            Text(
                "Publiceringen har ett format som den här versionen inte läser.",
                "The release has a format that this version does not read.",
            ),
            Text("Uppdatera Lägesbild.", "Update Lägesbild."),
        ),
        "other-number": (
            Text(
                "Mappen har ett annat nummer än publiceringen i den.",
                "The folder bears another number than the release in it.",
            ),
            _ASK,
        ),
        "broken-chain": (
            Text(
                "Publiceringarna hör inte ihop. En saknas, är utbytt eller hör till en annan hylla.",
                "The releases do not follow each other: one is missing, exchanged or from another shelf.",
            ),
            _ASK,
        ),
        "rolled-back": (
            Text(
                "Publiceringen är äldre än en som du redan har sett.",
                "The release is older than one that you have seen before.",
            ),
            _ASK,
        ),
        "no-shelf": (
            Text("Här finns ingen hylla eller publicering.", "There is no shelf or release here."),
            Text("Ange mappen där den ligger.", "Name the folder where it lies."),
        ),
        "no-keys": (
            Text("Här finns ingen nyckellista.", "There is no key list here."),
            Text("Ange utgivarens nyckellista med --keys.", "Give the publisher's key list with --keys."),
        ),
        "no-release": (
            Text("Här finns ingen förseglad publicering.", "There is no sealed release here."),
            Text(
                "Ange en publicering eller en hylla med publiceringar.",
                "Give a release or a shelf of releases.",
            ),
        ),
    }
)


def broken(code: str, place: str = "") -> Finding:
    """The finding for one of `RULES`."""
    rule, remedy = RULES[code]
    return Finding(code, rule, remedy, Place(file=place))
