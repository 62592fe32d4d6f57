"""Every product edition is a folder here: rules.py, terms.toml, cases.toml."""
