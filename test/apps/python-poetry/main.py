import os

import bottle

from tides import next_high_water


@bottle.get("/health")
def health():
    return {"app": "python-poetry", "next": round(next_high_water(6), 2)}


bottle.run(host="0.0.0.0", port=int(os.environ.get("PORT", "3000")), quiet=True)
