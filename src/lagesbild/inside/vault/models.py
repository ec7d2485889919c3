"""The tables of the store. Rows are added and never changed: the models refuse it, and so do the triggers."""

from typing import Any, ClassVar, NoReturn

from django.db import models


class NeverChanged(Exception):
    """Someone tried to change or remove what the store keeps: a bug, not something a person can mend."""


class AppendOnlyRows(models.QuerySet[Any]):
    """Rows that can be added and read."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NeverChanged(self.model.__name__)

    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """A row that is written once."""

    objects: ClassVar[Any] = AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *_: Any, using: str | None = None, **__: Any) -> None:
        if not self._state.adding:
            raise NeverChanged(type(self).__name__)
        super().save(force_insert=True, using=using)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise NeverChanged(type(self).__name__)


class Event(AppendOnly):
    """Who did what, when. Every other row belongs to one."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=200)
    at = models.DateTimeField()


class Vintage(AppendOnly):
    """One indicator's table as it was imported at one time. `sequence` counts an indicator's vintages."""

    indicator = models.CharField(max_length=20)
    sequence = models.PositiveIntegerField()
    predecessor = models.OneToOneField("self", models.PROTECT, null=True)
    fingerprint = models.CharField(max_length=64)
    origin = models.CharField(max_length=20)
    source = models.TextField()
    content = models.BinaryField()
    event = models.ForeignKey(Event, models.PROTECT)

    class Meta:
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=("indicator", "sequence"), name="one_vintage_after_another")
        ]


class Draft(AppendOnly):
    """What was staged for a release: the digest of its manifest, and the vintages it was made from."""

    number = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    folder = models.CharField(max_length=40)
    event = models.ForeignKey(Event, models.PROTECT)


class Ingredient(AppendOnly):
    """A vintage that a draft was made from."""

    draft = models.ForeignKey(Draft, models.PROTECT)
    vintage = models.ForeignKey(Vintage, models.PROTECT)


class Approval(AppendOnly):
    """A person's yes to the bytes of one digest."""

    draft = models.OneToOneField(Draft, models.PROTECT)
    digest = models.CharField(max_length=64)
    event = models.ForeignKey(Event, models.PROTECT)


class Publication(AppendOnly):
    """The draft goes onto a shelf: written before readers can see it."""

    draft = models.OneToOneField(Draft, models.PROTECT)
    digest = models.CharField(max_length=64)
    event = models.ForeignKey(Event, models.PROTECT)
