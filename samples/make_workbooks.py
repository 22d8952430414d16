"""Write the two sample workbooks that sellers made themselves, before Tierbook saw them.

Run with `python samples/make_workbooks.py`. The workbooks are committed; this file says how they
came about, so that a trap can be added to them.
"""

import io
import random
from datetime import datetime
from pathlib import Path

import xlsxwriter
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
CREATED = datetime(2026, 11, 2, 9, 0)

POTTERY = [
    ("Becher", "Geschirr", ["Sand", "Moos", "Tinte", "Kreide"], 24.0),
    ("Schale", "Geschirr", ["Sand", "Moos", "Kreide"], 32.5),
    ("Vase", "Deko", ["Tinte", "Kreide", "Terrakotta"], 58.0),
    ("Teekanne", "Geschirr", ["Moos", "Tinte"], 89.0),
    ("Übertopf", "Garten", ["Terrakotta", "Sand"], 41.9),
]
USES = ["Hauptbild", "Galerie", "Kategorieseite", "Newsletter", "Anzeige", "Startseite"]


def _logo() -> io.BytesIO:
    """Draw a small shop sign: a picture in the sheet that has to survive."""
    image = Image.new("RGB", (220, 80), "#f3ece2")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((2, 2, 217, 77), 12, outline="#8a4b2a", width=3)
    draw.pieslice((16, 14, 68, 92), 180, 360, fill="#8a4b2a")
    draw.text((84, 32), "LINDENHOF", fill="#5b3220")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


def pottery_rows() -> list[tuple[object, ...]]:
    """List the pictures a pottery needs this autumn."""
    rng = random.Random(11)  # noqa: S311 - a made-up shop, not a secret
    rows: list[tuple[object, ...]] = []
    number = 1
    for name, category, glazes, price in POTTERY:
        for glaze in glazes:
            article = f"{number:05d}"
            number += 1
            for use in USES[: rng.randint(2, len(USES))]:
                backdrop = "weiß" if use == "Hauptbild" else "Szene" if use != "Galerie" else "uni"
                stock = rng.randint(0, 60)
                rows.append(
                    (article, f"{name} {glaze}", category, use, backdrop, rng.choice([1, 2, 3]),
                     "nein" if use in ("Hauptbild", "Galerie") else rng.choice(["ja", "nein"]),
                     stock, price)
                )  # fmt: skip
    return rows


def _worth(row: tuple[object, ...]) -> float:
    """Multiply stock by price, as the sheet's own formula does."""
    return round(float(str(row[7])) * float(str(row[8])), 2)


def write_pottery(path: Path) -> None:
    """Write a German workshop's own list: title rows, a table, formulas, a chart, a picture."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": "Bilderplan", "author": "", "created": CREATED})
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#5b3220"})
    euro = book.add_format({"num_format": "#,##0.00 €"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("Bilderliste")
    sheet.write("A1", "Keramikwerkstatt Lindenhof", title)
    sheet.write("A2", "Bilderplan Herbst 2026, Stand 2. November")
    sheet.insert_image("H1", "logo.png", {"image_data": _logo(), "description": "Ladenschild"})
    rows = pottery_rows()
    heads = ["Artikelnummer", "Bezeichnung", "Kategorie", "Verwendung", "Hintergrund", "Ansichten",
             "Requisiten", "Bestand", "VK-Preis", "Warenwert"]  # fmt: skip
    first, last = 5, 4 + len(rows)
    sheet.add_table(
        3,
        0,
        last - 1,
        len(heads) - 1,
        {
            "name": "Bilder",
            "style": "Table Style Light 11",
            "columns": [{"header": head} for head in heads],
        },
    )
    for offset, row in enumerate(rows):
        at = 4 + offset
        sheet.write_string(at, 0, str(row[0]), text)
        for column, value in enumerate(row[1:], start=1):
            sheet.write(at, column, value, euro if column == 8 else None)
        sheet.write_formula(at, 9, f"=H{at + 1}*I{at + 1}", euro, _worth(row))
    sheet.set_column("A:A", 14)
    sheet.set_column("B:D", 17)
    sheet.set_column("E:J", 12)
    sheet.freeze_panes(4, 1)
    _write_overview(book, rows, first, last, euro, title)
    book.close()


def _write_overview(
    book: xlsxwriter.Workbook,
    rows: list[tuple[object, ...]],
    first: int,
    last: int,
    euro: object,
    title: object,
) -> None:
    """Write a pivot-like summary whose formulas point at the list, with a chart."""
    sheet = book.add_worksheet("Übersicht")
    sheet.write("A1", "Warenwert nach Kategorie", title)
    sheet.write_row("A3", ["Kategorie", "Bilder", "Warenwert"])
    categories = sorted({str(row[2]) for row in rows})
    for offset, category in enumerate(categories):
        at = 4 + offset
        mine = [row for row in rows if row[2] == category]
        worth = sum(_worth(row) for row in mine)
        sheet.write(f"A{at}", category)
        sheet.write_formula(
            f"B{at}", f"=COUNTIF(Bilderliste!$C${first}:$C${last},A{at})", None, len(mine)
        )
        sheet.write_formula(
            f"C{at}",
            f"=SUMIF(Bilderliste!$C${first}:$C${last},A{at},Bilderliste!$J${first}:$J${last})",
            euro,
            round(worth, 2),
        )
    chart = book.add_chart({"type": "column"})
    end = 3 + len(categories)
    chart.add_series(
        {
            "name": "Warenwert",
            "categories": ["Übersicht", 3, 0, end - 1, 0],
            "values": ["Übersicht", 3, 2, end - 1, 2],
        }
    )
    chart.set_title({"name": "Warenwert nach Kategorie"})
    sheet.insert_chart("E3", chart, {"description": "Säulen: Warenwert je Kategorie"})
    sheet.set_column("A:C", 16)


GIFTS = ["Mug", "Tote bag", "Notebook", "Candle", "Puzzle", "Keyring", "Poster", "Socks", "Vase"]
MOTIFS = ["Fox", "Fern", "Harbour", "Comet", "Lemon"]
COLOURS = ["Blue", "Ochre", "Green", "Rose"]
SPOTS = ["Marketplace main", "Gallery", "Category page", "Email header", "Paid ad"]


def write_gift_shop(path: Path) -> None:
    """Write a gift shop's list: 180 SKUs in five placements each, 900 rows, plain headings."""
    rng = random.Random(180)  # noqa: S311 - a made-up shop, not a secret
    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": "Gift shop pictures", "author": "", "created": CREATED})
    sheet = book.add_worksheet("Pictures")
    heads = ["SKU", "Product", "Category", "Placement", "Background", "Props", "Human model",
             "Angles", "Price", "Sales 90 days", "Needed by"]  # fmt: skip
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, heads, bold)
    at = 1
    for kind in GIFTS:
        for motif in MOTIFS:
            for colour in COLOURS:
                sku = f"{kind[:3].upper()}-{motif[:3].upper()}-{colour[:3].upper()}"
                price = rng.choice([6.5, 9.9, 14.0, 19.9, 24.5, 39.0])
                sales = rng.choice([None, 0, 12, 80, 240, 900, 5200, 7400])
                for spot in SPOTS:
                    scene = spot in ("Category page", "Email header", "Paid ad")
                    row = [
                        sku, f"{motif} {kind.lower()}, {colour.lower()}", kind, spot,
                        "white" if spot == "Marketplace main"
                        else "scene" if scene and rng.random() < 0.6 else "solid",
                        "yes" if scene and rng.random() < 0.2 else "no",
                        "yes" if scene and rng.random() < 0.1 else "no",
                        rng.choice([1, 1, 2, 4]) if spot == "Gallery" else 1,
                        price, sales,
                    ]  # fmt: skip
                    sheet.write_row(at, 0, row)
                    if spot == "Paid ad":
                        sheet.write_datetime(at, 10, datetime(2026, 12, rng.randint(1, 20)), day)
                    at += 1
    sheet.set_column("A:B", 22)
    sheet.set_column("C:K", 13)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, at - 1, len(heads) - 1)
    book.close()


if __name__ == "__main__":
    write_pottery(HERE / "keramik-werkstatt" / "bilderplan.xlsx")
    write_gift_shop(HERE / "gift-shop" / "pictures.xlsx")
