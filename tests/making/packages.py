"""Make documents of programs: PDF, DOCX, ODT and EPUB, as small as they may be."""

from collections.abc import Sequence

from tests.making.containers import zip_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
#: What an OLE file begins with: old office formats, and packages under a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf_of(
    pages: Sequence[Sequence[str]], info: str = "/Title (A title) /Author (Ann Lee)"
) -> bytes:
    """Return a PDF file of lines in Helvetica, 11 points; an empty line is a gap."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", f"<< {info} >>"]
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" if line else "T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 72 760 Td\n{shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 4 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R >>"
    text = f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}\nstartxref\n{len(body)}\n%%EOF"
    return text.encode("cp1252")


def docx_of(body: str) -> bytes:
    """Return a DOCX file with a body of `w:` elements."""
    relation = f'<Relationship Id="r1" Type="{_DOCUMENT}" Target="word/document.xml"/>'
    core = (
        '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Doc title</dc:title><dc:creator>Ann Lee</dc:creator></cp:coreProperties>"
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}">{relation}</Relationships>',
        "docProps/core.xml": core,
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    return zip_of({name: part.encode() for name, part in parts.items()})


def odt_of(body: str) -> bytes:
    """Return an ODT file with a body of `text:` elements."""
    namespaces = (
        f'xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    content = f"<office:document-content {namespaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    meta = f"<office:document-meta {namespaces}><office:meta><dc:title>T</dc:title><dc:creator>Bo</dc:creator></office:meta></office:document-meta>"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "meta.xml": meta,
    }
    return zip_of({name: part.encode() for name, part in parts.items()})


def epub_of(chapters: Sequence[str]) -> bytes:
    """Return a book; its spine is the chapters in order."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in reversed(range(len(chapters)))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<metadata><dc:title>Book</dc:title><dc:creator>Ann Lee</dc:creator><dc:language>en</dc:language>"
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/c.opf"/></rootfiles></container>'
    )
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/c.opf": opf,
    }
    pages = {
        f"OEBPS/c {n}.xhtml": f"<html><body>{chapter}</body></html>"
        for n, chapter in enumerate(chapters)
    }
    return zip_of({name: part.encode() for name, part in {**parts, **pages}.items()})
