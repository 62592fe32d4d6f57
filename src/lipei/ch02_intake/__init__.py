"""Chapter 2 · Intake (理赔申请接收).

2.1 channels      every report is taken, gets a number at once, and an estimate in two hours
2.2 materials     what must be handed in, and the one notice of what is missing
2.3 registration  opening the case: 立案 with a reserve for each exposure
2.4 irregular     what cannot flow straight
"""
