"""Records into the registry, from files, folders and streams, and from another registry."""

from service.ingest.desk import Counts
from service.ingest.documents import Document, documents
from service.ingest.fetch import Fetcher, Patience
from service.ingest.pipeline import IngestReport, RecordResult, ingest, recompile
from service.ingest.sync import SyncReport, sync

__all__ = [
    "Counts", "Document", "Fetcher", "IngestReport", "Patience", "RecordResult", "SyncReport",
    "documents", "ingest", "recompile", "sync",
]  # fmt: skip
