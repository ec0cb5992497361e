"""A service that makes pictures of documents' pages for kiosks (README.md)."""
