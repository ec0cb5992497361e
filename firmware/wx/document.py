"""Chapter "Documents": a file on a page of its own.  The service is kiosk/documents."""

from kiosk.api import api


@api((("*filePath", "String", None), ("fileType", "String", None), ("showMenu", "Boolean", False)))
async def openDocument(options):
    """Show a txt, docx, xlsx or pptx, or by the kiosk's converter a pdf, doc, xls or ppt; succeeds when it is seen."""
    from kiosk import documents

    await documents.open_document(options["filePath"], options["fileType"], options["showMenu"])
