"""Real files for the tests, made on the spot: pictures, papers, films, and their evil twins."""

import io
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

STAMP = "2026:03:04 05:06:07"


def picture(size=(640, 480), *, mode="RGB", format="JPEG", **options):
    """A noisy picture, as a camera would make it."""
    image = Image.effect_noise(size, 60).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def corners(size=(400, 200), *, format="PNG", **options):
    """A picture whose top left quarter is red, to tell which way is up."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def exif(*, orientation=1, stamp=STAMP, offset="+09:00", gps=True):
    """What a camera writes beside a picture."""
    said = Image.Exif()
    said[Base.Orientation] = orientation
    said[Base.Make] = "SecretMaker"
    details = said.get_ifd(IFD.Exif)
    if stamp:
        details[Base.DateTimeOriginal] = stamp
    if offset:
        details[Base.OffsetTimeOriginal] = offset
    if gps:
        place = said.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (31.0, 13.0, 48.0)
        place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "W", (121.0, 28.0, 12.0)
    return said


def pdf(pages=2):
    """A PDF of some pages."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(pages):
        canvas.drawString(100, 700, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked_pdf(*, user, owner="owner"):
    """A PDF with a password; an empty ``user`` only forbids changing it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ofd(
    *, root=b"<?xml version='1.0'?><ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>", more=()
):
    """An OFD with its entry file, and whatever else is put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        if root is not None:
            folder.writestr("OFD.xml", root)
        for name, content in more:
            folder.writestr(name, content)
    return out.getvalue()


def png_bomb(width=30_000, height=30_000):
    """A PNG of a few hundred kilobytes that unfolds to a gigabyte."""
    row = b"\x00" + b"\x00" * (width // 8)
    squeezed = zlib.compressobj(9)
    body = b"".join(squeezed.compress(row) for _ in range(height)) + squeezed.flush()

    def chunk(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def box(name, *parts):
    """One box of an ISO media file."""
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def film(*, brand=b"isom", handler=b"vide", turned=False, created=3_855_359_167):
    """The skeleton of an MP4 or MOV: 320 by 180, 1.5 seconds."""
    matrix = (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30) if turned else (65536,) + (0,) * 8
    moments = struct.pack(">IIIII", 0, created, created, 1000, 1500) + bytes(80)
    track = bytes(40) + struct.pack(">9i", *matrix) + struct.pack(">II", 320 << 16, 180 << 16)
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)))
    return (
        box(b"ftyp", brand, bytes(4), brand)
        + box(b"moov", box(b"mvhd", moments), box(b"trak", box(b"tkhd", track), media))
        + box(b"mdat", bytes(5000))
    )


def heic(image=None, *, brand=b"heic", **options):
    """A photo as an iPhone keeps it; `brand` is what it says of itself."""
    out = io.BytesIO()
    pictured = image or Image.effect_noise((640, 480), 60).convert("RGB")
    pillow_heif.from_pillow(pictured).save(out, **options)
    return out.getvalue().replace(b"ftypheic", b"ftyp" + brand, 1).replace(b"heic", brand, 1)


def webm(*, kind=1):
    """The skeleton of a WebM film, as a browser records it: 640 by 360, length unknown."""

    def element(name, content):
        return bytes.fromhex(name) + struct.pack(">Q", len(content) | 1 << 56) + content

    head = element("1A45DFA3", element("4282", b"webm").replace(b"\x01\0\0\0\0\0\0\x04", b"\x84"))
    sizes = element("B0", b"\x02\x80") + element("BA", b"\x01\x68")
    track = element("AE", element("83", bytes([kind])) + element("E0", sizes))
    moments = element("1549A966", element("2AD7B1", b"\x0f\x42\x40"))
    cluster = bytes.fromhex("1F43B675") + b"\x01" + b"\xff" * 7 + bytes(2000)
    content = moments + element("1654AE6B", track) + cluster
    return head + bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7 + content
