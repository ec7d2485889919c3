"""Files in, admitted tables or refusals out."""

from .gate import Admitted, AdmittedFile, admit

__all__ = ["Admitted", "AdmittedFile", "admit"]
