"""PDFs written by hand: text at places, pages turned, forms; what a test needs and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Page:
    """One page of 612 x 792 points, y from the bottom."""

    content: list[str] = field(default_factory=list)
    rotate: int = 0
    before: str = ""  # operators ahead of everything else

    def put(self, x: float, y: float, text: str, *, size: float = 10, matrix: str = "1 0 0 1") -> Page:
        """Draw one string; `matrix` turns it."""
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.content.append(f"BT /F1 {size} Tf {matrix} {x} {y} Tm ({escaped}) Tj ET")
        return self

    def lines(self, x: float, y: float, texts: list[str], *, leading: float = 12) -> Page:
        """Draw lines below one another."""
        for number, text in enumerate(texts):
            self.put(x, y - leading * number, text)
        return self

    def right(self, x: float, y: float, text: str) -> Page:
        """Draw a number that ends at x: Helvetica's digits are 5.56 points wide, its marks half of that."""
        width = sum(5.56 if character.isdigit() else 2.78 if character in ".,|" else 3.33 for character in text)
        return self.put(round(x - width, 2), y, text)


def pdf(*pages: Page, form: Page | None = None) -> bytes:
    """Return a PDF; the pages may draw `form` with "/X1 Do"."""
    font, kids = 3, [4 + 2 * number for number in range(len(pages))]
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(pages)} >>".encode(),
        font: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    last = 4 + 2 * len(pages)
    resources = f"<< /Font << /F1 {font} 0 R >> {f'/XObject << /X1 {last} 0 R >>' if form else ''} >>"
    for kid, page in zip(kids, pages, strict=True):
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate {page.rotate} "
            f"/Contents {kid + 1} 0 R /Resources {resources} >>"
        ).encode()
        objects[kid + 1] = stream("\n".join([page.before, *page.content]).encode("cp1252"))
    if form:
        head = f"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 {font} 0 R >> >>"
        objects[last] = stream("\n".join(form.content).encode("cp1252"), head)
    return file_of(objects)


def stream(content: bytes, head: str = "") -> bytes:
    """Return a stream object."""
    return f"<< {head} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def file_of(objects: dict[int, bytes]) -> bytes:
    """Return the file of numbered objects; number 1 is the catalog."""
    content, offsets = b"%PDF-1.4\n", {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offsets[number] for number in sorted(objects))
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end
