"""The outside world as one small program: bank and message gateway, over HTTP on loopback.

``python -m counterpart --port N`` plays every party that a claims department depends on and
does not own. It exists so that the department can be tried, demonstrated and tested against
answers that are late, lost, refused or sent twice. It is a program of its own: it imports
nothing of ``lipei`` and nothing in ``lipei`` imports it.

- ``services``  the table of parties that are played
- ``bank``      payments, name checks, statements
- ``messages``  the gateway of short messages
- ``control``   the switches: latency, failures, lost answers, test accounts
- ``door``      HTTP in
- ``courier``   signed callbacks out
- ``book``      what has happened, kept in one SQLite file (or in memory)
"""
