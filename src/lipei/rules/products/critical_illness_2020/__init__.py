"""Critical illness cover 重大疾病: an agreed sum at the diagnosis, by its stage."""
