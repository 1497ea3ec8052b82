"""A small service that answers with Markdown rendered as HTML."""

import os
import platform

import markdown
import waitress
from flask import Flask, request

app = Flask(__name__)


@app.get("/health")
def health():
    return {"app": "python", "runtime": platform.python_version(), "rendered": markdown.markdown("*hello*")}


@app.post("/render")
def render():
    return markdown.markdown(request.get_data(as_text=True), extensions=["tables"])


if __name__ == "__main__":
    waitress.serve(app, port=int(os.environ.get("PORT", "3000")))
