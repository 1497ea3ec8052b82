"""A package whose function makes the app."""

from flask import Flask


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(config or {})

    @app.get("/health")
    def health():
        return {"app": "python-flask", "balance": sum([12, 30])}

    return app
