"""What the state and the person allow. Each rule is one function that answers and a twin that raises."""

from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, BadUsage, Finding

from .records import Draft, person


def is_named(who: str) -> bool:
    """Whether someone stands behind an act."""
    return bool(person(who))


def check_is_named(who: str) -> None:
    if not is_named(who):
        raise AgainstPolicy(_NOBODY)


def may_approve(draft: Draft, who: str) -> bool:
    """Another person than everyone whose import is in the draft, and only once."""
    return draft.approved is None and is_named(who) and person(who) not in draft.importers


def check_may_approve(draft: Draft, who: str) -> None:
    check_is_named(who)
    if draft.approved is not None:
        raise AgainstPolicy(_APPROVED_ALREADY)
    if not may_approve(draft, who):
        raise AgainstPolicy(_OWN_IMPORT)


def may_publish(draft: Draft) -> bool:
    """Approved, and not published yet."""
    return draft.approved is not None and draft.published is None


def check_may_publish(draft: Draft) -> None:
    if draft.published is not None:
        raise AgainstPolicy(_PUBLISHED_ALREADY)
    check_is_approved(draft)


def check_is_approved(draft: Draft) -> None:
    if draft.approved is None:
        raise AgainstPolicy(_NOT_APPROVED)


def is_next(after: str | None, newest: str | None) -> bool:
    """Whether a draft was made knowing the newest publication, by whose cells it was protected too."""
    return after == newest


def check_is_next(after: str | None, newest: str | None) -> None:
    if not is_next(after, newest):
        raise AgainstPolicy(_NOT_NEXT)


def is_what_was_staged(draft: Draft, digest: str) -> bool:
    """Whether the digest that someone saw is the one that the draft was recorded with."""
    return draft.digest == digest


def check_is_what_was_staged(draft: Draft, digest: str) -> None:
    if not is_what_was_staged(draft, digest):
        raise AgainstPolicy(_CHANGED)


def is_what_was_seen(draft: Draft, seen: str) -> bool:
    """Whether someone saw this draft: `seen` is how its digest begins."""
    return len(seen) >= SEEN_LEAST and draft.digest.startswith(seen.casefold())


def check_is_what_was_seen(draft: Draft, seen: str) -> None:
    if len(seen) < SEEN_LEAST:
        raise BadUsage(_SHORT_DIGEST)
    if not is_what_was_seen(draft, seen):
        raise AgainstPolicy(_NOT_SEEN)


SEEN_LEAST = 8
"""So many characters of a digest no other draft shares by chance."""

_NOBODY = Finding(
    "nobody",
    Text("Varje åtgärd ska ha ett namn bakom sig.", "Every act must have a name behind it."),
    Text("Ange ditt namn med --who.", "Give your name with --who."),
)
_OWN_IMPORT = Finding(
    "own-import",
    Text(
        "Den som har importerat uppgifterna får inte godkänna dem.",
        "Whoever imported the figures may not approve them.",
    ),
    Text("Be en annan person granska och godkänna.", "Ask another person to review and approve."),
)
_APPROVED_ALREADY = Finding(
    "approved-already",
    Text("Utkastet är redan godkänt.", "The draft is approved already."),
    Text("Publicera det eller gör ett nytt utkast.", "Publish it or make a new draft."),
)
_NOT_APPROVED = Finding(
    "not-approved",
    Text("Utkastet är inte godkänt.", "The draft is not approved."),
    Text("Låt en annan person än importören godkänna det.", "Have it approved by another than the importer."),
)
_PUBLISHED_ALREADY = Finding(
    "published-already",
    Text("Utkastet är redan publicerat.", "The release is published already."),
    Text("Gör ett utkast med nästa nummer.", "Make a draft with the next number."),
)
_SHORT_DIGEST = Finding(
    "short-digest",
    Text("Kontrollsumman är för kort.", "The digest is too short."),
    Text(
        "Ange minst åtta tecken av den som release show visar.",
        "Give at least eight characters of the one that release show shows.",
    ),
)
_NOT_SEEN = Finding(
    "other-digest",
    Text(
        "Utkastet är inte det som du har sett: det har gjorts om sedan dess, eller är ett annat.",
        "The draft is not the one that you have seen: it was made anew since then, or is another.",
    ),
    Text(
        "Granska det som gäller nu med lagesbild release show.",
        "Review the one that holds now with lagesbild release show.",
    ),
)
_NOT_NEXT = Finding(
    "store-moved-on",
    Text(
        "En annan publicering har kommit ut sedan utkastet gjordes. Tillsammans är de inte prövade.",
        "Another release has come out since the draft was made. Together they were never audited.",
    ),
    Text(
        "Gör om utkastet (lagesbild release draft) och låt det godkännas.",
        "Make the draft anew (lagesbild release draft) and have it approved.",
    ),
)
_CHANGED = Finding(
    "changed-after-staging",
    Text(
        "Det som ligger i utkastet är inte det som granskades.",
        "What lies in the draft is not what was audited.",
    ),
    Text("Gör ett nytt utkast.", "Make a new draft."),
)
