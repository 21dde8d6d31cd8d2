"""Records into the registry, from files, folders and streams, and from another registry."""

from service.ingest.desk import Counts
from service.ingest.documents import Document, documents, extent
from service.ingest.fetch import Fetcher, Patience
from service.ingest.pipeline import IngestReport, RecordResult, ingest
from service.ingest.refresh import recompile
from service.ingest.sync import Extent, SyncReport, sync

__all__ = [
    "Counts", "Document", "Extent", "Fetcher", "IngestReport", "Patience", "RecordResult", "SyncReport",
    "documents", "extent", "ingest", "recompile", "sync",
]  # fmt: skip
