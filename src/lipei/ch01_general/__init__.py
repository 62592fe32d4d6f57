"""Chapter 1 · General (总则): the hub. Parties, policies, claims, exposures, stages, clocks.

1.1 aims        targets, messages at each key node
1.2 duties      posts, certificates, who may do what, who gets which claim
1.3 process     how an exposure moves and how its clocks run
1.4 regulation  what is never done to a claimant
"""
