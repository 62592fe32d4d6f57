"""The staff desk: what its pages show, put together from the chapters. Reads only.

listing   a page of the work list as it was asked for, with its views and filters
rows      one claim as a row
words     lines, flags, clauses and people in the reader's language
"""
