"""Compulsory motor liability cover: the formula, with the limits of 2008 to 2020."""
