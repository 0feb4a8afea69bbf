"""What a file says that is not in the repository."""

import json
import os

from .base import *

SECRET_KEY = "replaced"
DEBUG = True

with open(os.environ["SHOP_SETTINGS"]) as file:
    globals().update(json.load(file))
