"""Every error that Rinvio raises on purpose.

    RinvioError
    ├── BusyError            more was asked at once than can be answered in time
    ├── CorpusError          a document or its metadata cannot be used
    ├── EncoderError         a model cannot be exported or loaded
    ├── GateError            a new index answers the acceptance questions worse
    ├── GenerationError      an index is missing, damaged or busy
    │   ├── NotPermittedError  a file of an index may not be read; it may well be whole
    │   └── NotReadyError    a service has no index yet; it has logged why
    ├── PageError            a page of somebody else cannot be read
    ├── QuestionError        a question cannot be asked as it stands
    └── SettingsError        a setting or option is wrong

Each carries what is wrong (with the file, line or field) and the cure, so that
the terminal and the API can show both.
"""

from corpus.visible import visible


class RinvioError(Exception):
    """What went wrong and what to do about it."""

    def __init__(self, wrong: str, cure: str) -> None:
        """Say what is `wrong` and, in a sentence of its own, the `cure`."""
        self.wrong = visible(wrong)  # it may name a file or a field of somebody else
        self.cure = visible(cure)
        super().__init__(f"{self.wrong} {self.cure}".strip())


class BusyError(RinvioError):
    """More was asked at once than can be answered in time."""


class CorpusError(RinvioError):
    """A document or its metadata cannot be used."""


class EncoderError(RinvioError):
    """A model cannot be exported or loaded."""


class GateError(RinvioError):
    """A new index answers the acceptance questions worse than it has to."""


class GenerationError(RinvioError):
    """An index is missing, damaged or busy."""


class NotPermittedError(GenerationError):
    """A file of an index may not be read: nobody knows whether it is whole."""


class NotReadyError(GenerationError):
    """A service has no index to answer from yet; why not was logged when that was found."""


class PageError(RinvioError):
    """A page of somebody else cannot be read."""


class QuestionError(RinvioError):
    """A question cannot be asked as it stands."""


class SettingsError(RinvioError):
    """A setting or option is wrong."""
