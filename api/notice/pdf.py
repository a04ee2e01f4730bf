"""The notice as a PDF: A4, tagged (PDF/UA), set in our own fonts, the same bytes for the same page."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.errors import Missing

_FONTS = Path(__file__).with_name("fonts")
FAMILY = "Memoranda Sans SC"
FACES = {"normal": _FONTS / "MemorandaSansSC-Regular.woff2", "bold": _FONTS / "MemorandaSansSC-Bold.woff2"}


def notice_pdf(page: str) -> bytes:
    """The page of a notice as a PDF. Missing if the libraries that set type are not installed; HTML needs none."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; src: url('{path.as_uri()}'); }}"
        for weight, path in FACES.items()
    )
    fonts, fetcher = FontConfiguration(), _fetcher()
    document = weasyprint.HTML(string=page, url_fetcher=fetcher)
    # What tells two files apart comes from the page, not from chance.
    pdf: bytes = document.write_pdf(
        font_config=fonts,
        stylesheets=[weasyprint.CSS(string=faces, font_config=fonts, url_fetcher=fetcher)],
        pdf_variant="pdf/ua-1",
        pdf_identifier=sha256(page.encode()).digest()[:16],
    )
    return pdf


def _fetcher() -> Any:
    """Loads our fonts and nothing else: no page of a notice has a reason to ask for more."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    ours = {path.as_uri(): path for path in FACES.values()}

    class OursOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in ours:
                raise ValueError("a notice loads nothing")
            return URLFetcherResponse(url, ours[url].read_bytes())

    return OursOnly()


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError:
        raise Missing(
            "缺少排版所需的系统库 Pango，不能生成 PDF",
            "the system library Pango, which sets the type, is missing: no PDF can be made",
            "运行 apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0；或输出 .html，用浏览器打印",
            "run apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
            "or write .html and print that from a browser",
        ) from None
    return weasyprint
