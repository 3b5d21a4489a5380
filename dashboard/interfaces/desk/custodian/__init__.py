"""``/custodian/``: what a country has for UNDP's data call, a plan for a survey, and a questionnaire."""
