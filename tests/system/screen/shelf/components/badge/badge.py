Component({"properties": {"number": int}})
