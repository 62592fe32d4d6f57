"""What the claimants' pages share: their guard, their forms, their codes and their words."""
