"""Records into the registry, from files, folders and streams."""

from service.ingest.documents import Document, documents
from service.ingest.pipeline import IngestReport, RecordResult, ingest, recompile

__all__ = ["Document", "IngestReport", "RecordResult", "documents", "ingest", "recompile"]
