"""Documents made by other people's programs: python-docx, openpyxl, python-pptx, Pillow."""

import datetime

import docx
import openpyxl
import pptx
import xlsxwriter
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Inches


def word(path):
    """A title, headings, bold, both kinds of lists, a table, and paragraphs for some pages."""
    document = docx.Document()
    document.add_heading("咖啡店 Handbook", 0)
    document.add_heading("Opening", 1)
    paragraph = document.add_paragraph("Water first: ")
    paragraph.add_run("bold words").bold = True
    paragraph.add_run(" and then the rest of a sentence that breaks. 你好，世界。")
    for text in ("beans", "milk"):
        document.add_paragraph(text, style="List Bullet")
    for text in ("first", "second"):
        document.add_paragraph(text, style="List Number")
    table = document.add_table(rows=2, cols=3)
    for row, texts in enumerate((("Size", "ml", "价格"), ("small", "200", "a text that is too long for one line"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.add_heading("第二章", 2)
    for number in range(20):
        document.add_paragraph(f"Paragraph {number} of many. " * 5)
    document.add_paragraph("The end.")
    document.save(path)


def long_word(path, paragraphs=2400):
    """Three hundred pages of text."""
    document = docx.Document()
    for number in range(paragraphs):
        document.add_paragraph(f"Sentence {number} is about something else, again and again. " * 6)
    document.save(path)


def workbook(path):
    """Numbers, dates, shares and texts; a second sheet with holes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prices"
    sheet.append(["Item", "Price", "Date", "Share", "Count", "Remark"])
    for number in range(40):
        day = datetime.date(2024, 2, 28) + datetime.timedelta(number)
        sheet.append([f"咖啡 {number}", 1234.5 * number, day, number / 40, number * 1000, "free text"])
    for row in sheet.iter_rows(min_row=2):
        row[1].number_format, row[3].number_format = "#,##0.00", "0%"
    sheet.column_dimensions["A"].width = 12
    other = book.create_sheet("第二")
    other["A1"], other["C5"] = True, "far"
    other["A3"] = "A long text that runs over the empty cells"
    book.save(path)


def shared_workbook(path):
    """One whose texts are shared by its cells, with formats of its own."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Shared")
        money = book.add_format({"num_format": '"EUR "#,##0.00'})
        for row in range(40):
            sheet.write(row, 0, f"text {row % 7} 咖啡")
            sheet.write(row, 1, row * 1000.5, money)


def slides(path):
    """A title, points in two levels, a table."""
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text, slide.placeholders[1].text = "Welcome 欢迎", "A subtitle"
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Points"
    frame = slide.placeholders[1].text_frame
    frame.text = "first"
    for text, level in (("inner", 1), ("last", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Table"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(1, 1).text = "left", "right"
    show.save(path)


def text(path, encoding="utf-8"):
    """Lines in an encoding."""
    path.write_bytes("".join(f"Zeile {number}: 你好，世界！\n" for number in range(60)).encode(encoding))


def pdf(path, pages=3):
    """Pages with their numbers on them."""
    pictures = []
    for number in range(1, pages + 1):
        page = Image.new("RGB", (595, 842), "white")
        pen = ImageDraw.Draw(page)
        pen.rectangle((20, 20, 575, 200), fill=(250, 60 * number, 40))
        pen.text((250, 80), str(number), fill="black", font=ImageFont.load_default(60))
        pen.rectangle((20, 700, 575, 820), fill=(40, 60 * number, 250))
        pictures.append(page)
    pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:])
