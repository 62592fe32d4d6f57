"""Chapter 3 on screen: the visit on the phone, the decision, the answer to an objection."""
