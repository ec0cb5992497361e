"""The table from which the kiosk's keyboard makes Chinese of what is spelt in Latin letters."""
