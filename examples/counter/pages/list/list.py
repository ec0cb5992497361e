@Page
class List:
    """Rows, more than the screen holds."""

    data = {"rows": [{"id": number, "name": "Row number %d" % number, "price": 3 * number + 1} for number in range(12)]}

    def onRow(self, event):
        row = event.currentTarget.dataset.row
        self.setData({"rows[%d].price" % row: self.data["rows"][row]["price"] + 1})
