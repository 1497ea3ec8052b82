"""A service whose app object a server has to be given."""

import platform

from fastapi import FastAPI

from app.tides import next_tide

app = FastAPI()


@app.get("/health")
def health():
    return {"app": "python-fastapi", "runtime": platform.python_version(), "next": next_tide([4.2, 16.8], after=5)}
