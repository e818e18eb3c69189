"""The texts."""

import hashlib
from typing import Any

from django.db import models
from django.db.models import Q

from annotator.documents.folding import fold
from annotator.projects.models import Project


class Document(models.Model):
    """A text that never changes; a corrected text is another document.

    `length` is in Unicode code points, as every offset into `text` is.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    external_id = models.CharField(max_length=200)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    length = models.PositiveIntegerField(editable=False)
    language = models.CharField(max_length=35, blank=True)
    meta = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        # The languages of a project can be told without reading its texts.
        indexes = [models.Index(fields=["project", "language"], name="document_language")]
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="document_external_id_once"),
            models.CheckConstraint(condition=Q(length__gt=0), name="document_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        new = self.pk is None
        if new:
            self.measure()
        elif "update_fields" not in kwargs or "text" in (kwargs["update_fields"] or ()):
            raise TypeError("A document's text never changes; name the fields to save.")
        super().save(*args, **kwargs)
        if new:
            folded_of(self).save(force_insert=True)
        elif "title" in kwargs["update_fields"]:
            FoldedText.objects.filter(document=self).update(name=folded_name(self))

    def measure(self) -> None:
        """Sets the digest and the length of the text, before it is stored."""
        self.sha256 = digest_of(self.text)
        self.length = len(self.text)


def digest_of(text: str) -> str:
    """The SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


class FoldedText(models.Model):
    """A document as it is searched (`folding.fold`), apart from it: who opens a document does not read it twice."""

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="folded"
    )
    name = models.TextField(help_text="Its title and its id.")
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


def folded_of(document: Document) -> FoldedText:
    """The document as it is searched, not yet stored."""
    return FoldedText(document=document, name=folded_name(document), text=fold(document.text))


def folded_name(document: Document) -> str:
    return fold(f"{document.title}\n{document.external_id}")
