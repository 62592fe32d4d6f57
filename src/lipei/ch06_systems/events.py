"""What chapter 6 tells the others."""

ADMINISTRATOR_MADE = "systems.administrator_made"
ADMINISTRATOR_RECOVERED = "systems.administrator_recovered"
JOB_TRIED_AGAIN = "systems.job_tried_again"
JOB_SET_ASIDE = "systems.job_set_aside"
PARKED_TRIED_AGAIN = "systems.parked_tried_again"
