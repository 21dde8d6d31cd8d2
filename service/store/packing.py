"""Documents packed one against another: of a version that differs little from the one before, little is kept."""

import zstandard

LEVEL = 9
LARGEST = 1 << 30


def packed(document: bytes, before: bytes = b"") -> bytes:
    """The document as the differences to `before`, with a checksum; packed by itself where there is none before."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(document) + len(before), write_checksum=True
    )
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=_dictionary(before)).compress(document)


def unpacked(data: bytes, before: bytes = b"") -> bytes:
    """The document again; `before` must be what it was packed against. Raises zstandard.ZstdError for anything else."""
    return zstandard.ZstdDecompressor(dict_data=_dictionary(before)).decompress(data, max_output_size=LARGEST)


def _dictionary(before: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(before, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if before else None
