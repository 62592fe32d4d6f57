"""The door that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lipei.site.settings")
application = get_wsgi_application()

# Everything that lives as long as the process is made now and then left out of the collector's
# rounds: going through it again and again is a long tail of answers.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
