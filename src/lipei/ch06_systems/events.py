"""What chapter 6 tells the others."""

ADMINISTRATOR_MADE = "systems.administrator_made"
ADMINISTRATOR_RECOVERED = "systems.administrator_recovered"
