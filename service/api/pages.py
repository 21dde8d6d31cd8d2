"""The documentation, offline: Swagger UI from the installed package, our guides, nothing from elsewhere."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import swagger_ui_bundle
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.api import guides
from service.api.answers import tagged
from service.api.asked.body import HttpRequest
from service.api.contract.openapi import document
from service.api.contract.operation import opt
from service.api.contract.operations import OPENAPI

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
<nav class="swagger-ui wrapper">{links}</nav>
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
    """A file of the documentation: its media type, and what reads it."""

    media_type: str
    read: Callable[[], str]


def _bundled(name: str) -> str:
    return (Path(swagger_ui_bundle.swagger_ui_path) / name).read_text(encoding="utf-8")


ASSETS: Mapping[str, Asset] = {
    "swagger-ui.css": Asset("text/css", partial(_bundled, "swagger-ui.css")),
    "swagger-ui-bundle.js": Asset("text/javascript", partial(_bundled, "swagger-ui-bundle.js")),
    "start.js": Asset("text/javascript", lambda: START),
    "guide.css": Asset("text/css", partial(guides.text, "guide.css")),
    **{name: Asset("text/html", partial(guides.page, name)) for name in guides.GUIDES},
}


@get("/")
async def documentation() -> Response[str]:
    """The page."""
    page = PAGE.format(links=guides.links("docs/"))
    return Response(page, media_type="text/html", headers={"content-security-policy": CSP, "cache-control": "no-cache"})


@get("/docs/{name:str}")
async def asset(name: FromPath[str]) -> Response[bytes]:
    """One of its files, or a guide."""
    if name not in ASSETS:
        raise NotFoundException
    headers = {"content-security-policy": CSP, "cache-control": "max-age=3600"}
    return Response(_content(name), media_type=ASSETS[name].media_type, headers=headers)


@cache
def _content(name: str) -> bytes:
    return ASSETS[name].read().encode()


@get(OPENAPI.path, opt=opt(OPENAPI))
async def openapi(request: HttpRequest) -> Response[bytes]:
    """The contract."""
    return tagged(_document(), request.headers.get("if-none-match"))


@cache
def _document() -> dict[str, object]:
    return document()
