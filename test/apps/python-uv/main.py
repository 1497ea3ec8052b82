import os
from importlib.metadata import version

import bottle


@bottle.get("/health")
def health():
    return {"app": "python-uv", "bottle": version("bottle"), "compiled": os.path.exists(bottle.__spec__.cached)}


bottle.run(host="0.0.0.0", port=int(os.environ.get("PORT", "3000")), quiet=True)
