"""`libftps doctor`: what a server demands and supports, and what to do where something fails.

`checks` look at one thing each, and tell `findings`; `examination` is what they share; `report` shows what they found,
with the options to use from `advice`.
"""
