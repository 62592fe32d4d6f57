"""Co-insurance: the contract shares of one policy under the Insurance Law of 2009."""
