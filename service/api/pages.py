"""The documentation page, offline: Swagger UI from the installed package, nothing from elsewhere."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import swagger_ui_bundle
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.api.answers import tagged
from service.api.body import HttpRequest
from service.api.openapi import document
from service.api.operation import opt
from service.api.operations import OPENAPI

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Eligo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript; the same is in <a href="openapi.json">/openapi.json</a>.</noscript>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null, docExpansion: "list",
  defaultModelsExpandDepth: 0, tryItOutEnabled: true, persistAuthorization: false,
});
"""


class Asset(NamedTuple):
    """A file of the page: its media type, and its text where it is our own."""

    media_type: str
    text: str | None = None


ASSETS: Mapping[str, Asset] = {
    "swagger-ui.css": Asset("text/css"),
    "swagger-ui-bundle.js": Asset("text/javascript"),
    "start.js": Asset("text/javascript", START),
}


@get("/")
async def documentation() -> Response[str]:
    """The page."""
    return Response(PAGE, media_type="text/html", headers={"content-security-policy": CSP, "cache-control": "no-cache"})


@get("/docs/{name:str}")
async def asset(name: FromPath[str]) -> Response[bytes]:
    """One of the page's files."""
    if name not in ASSETS:
        raise NotFoundException
    return Response(_content(name), media_type=ASSETS[name].media_type, headers={"cache-control": "max-age=86400"})


@cache
def _content(name: str) -> bytes:
    own = ASSETS[name].text
    return own.encode() if own is not None else (Path(swagger_ui_bundle.swagger_ui_path) / name).read_bytes()


@get(OPENAPI.path, opt=opt(OPENAPI))
async def openapi(request: HttpRequest) -> Response[bytes]:
    """The contract."""
    return tagged(_document(), request.headers.get("if-none-match"))


@cache
def _document() -> dict[str, object]:
    return document()
