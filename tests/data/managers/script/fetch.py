# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "requests<3",
#   "rich==13.9.4",
# ]
# ///

"""Fetches something."""

import requests
from rich.pretty import pprint

pprint(requests.get("https://peps.python.org/api/peps.json").json())
