"""Chapter 4 · Payment (理赔款支付).

4.1 release   the order: right sum, right payee, right account, positively cleared, two persons
4.2 methods   the claimant's confirmation, and the bank
4.3 vouchers  the electronic receipt, numbered without gaps
4.4 failures  money that came back, paid again once
"""
