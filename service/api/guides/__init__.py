"""Pages for people, served with the contract: Markdown here, HTML there; no script, and nothing from elsewhere."""

from importlib.resources import files

from markdown_it import MarkdownIt

GUIDES = {"integrator": "Connect a record system", "operator": "Run the service"}


def text(file: str) -> str:
    """A file of this directory."""
    return files(__name__).joinpath(file).read_text(encoding="utf-8")


def links(folder: str = "") -> str:
    """To every guide, as HTML."""
    return "".join(f' <a href="{folder}{name}">{title}</a>' for name, title in GUIDES.items())


def page(name: str) -> str:
    """A guide as a browser shows it."""
    body = MarkdownIt("commonmark").enable("table").render(text(f"{name}.md"))
    return text("frame.html").format(title=GUIDES[name], links=links(), body=_anchored(body))


def _anchored(body: str) -> str:
    """Every heading can be led to by its words: `#who-you-are`."""
    first, *rest = body.split("<h2>")
    return first + "".join(f'<h2 id="{_anchor(part.partition("</h2>")[0])}">{part}' for part in rest)


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")
