"""Hospital cash 住院津贴: an agreed sum for each day of a stay, whatever it cost."""
