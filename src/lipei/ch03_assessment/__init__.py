"""Chapter 3 · Assessment (理赔审核与调查).

3.1 investigation  the survey, with its hour and a half, and the loss list
3.2 verification   a second pair of eyes on papers and sum
3.3 adjudication   the sum, step by step, and the decision with named reasons
3.4 disputes       objection: the undisputed part is paid, another person looks again
"""
