"""What open data from others must be."""

# ruff: noqa: E501 -- a message is easier to read and translate on one line

from lagesbild.core.language import Text

RULES = {
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
}  # fmt: skip
