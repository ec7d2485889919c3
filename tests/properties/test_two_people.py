"""Attack 52: whatever order people act in, nothing is published that only its importers approved."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from lagesbild.core.figures import Key
from lagesbild.core.refusal import AgainstPolicy
from lagesbild.inside.counts import Counts
from lagesbild.inside.vault import Draft, Event, Vault
from lagesbild.inside.vault.records import person

people = st.sampled_from(["Anna", "anna ", "Bo", "Cecilia"])
digests = st.sampled_from(["a" * 64, "b" * 64])


def by(who: str) -> Event:
    return Event(who, datetime(2026, 3, 1, tzinfo=UTC))


class Desk(RuleBasedStateMachine):
    """People import, draft, approve and publish in any order, with right and wrong digests."""

    drafts = Bundle("drafts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.vault = Vault.open(self.folder / "store")
        self.imports = 0

    def teardown(self) -> None:
        self.vault.close()
        shutil.rmtree(self.folder)

    @rule(who=people)
    def take_in(self, who: str) -> None:
        self.imports += 1
        table = Counts.of("D01", {Key("2480", "2024"): self.imports})
        self.vault.keep([table], "", event=by(who))

    @rule(target=drafts, who=people, digest=digests)
    def make_draft(self, who: str, digest: str) -> Draft:
        vintages = self.vault.vintages()
        return self.vault.draft("2026-1", digest, self.vault.stage(), vintages, event=by(who))

    @rule(draft=drafts, who=people, digest=digests)
    def approve(self, draft: Draft, who: str, digest: str) -> None:
        self.try_to(lambda: self.vault.approve(draft, digest, event=by(who)))

    @rule(draft=drafts, who=people, digest=digests)
    def publish(self, draft: Draft, who: str, digest: str) -> None:
        self.try_to(
            lambda: self.vault.publish(draft, digest, after=self.vault.newest_publication(), event=by(who))
        )

    def try_to(self, act) -> None:
        try:
            act()
        except AgainstPolicy:
            return

    @invariant()
    def what_is_published_was_approved_by_another(self) -> None:
        for draft in self.vault.drafts():
            if draft.published:
                assert draft.approved
            if draft.approved:
                assert person(draft.approved.who) not in draft.importers


Desk.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestDesk = Desk.TestCase
