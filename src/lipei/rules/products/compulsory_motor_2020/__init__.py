"""Compulsory motor liability cover: the same formula, with the limits since 2020-09-19."""
