from flask import Flask, jsonify
from log import entries

app = Flask(__name__)


@app.get("/log")
def log():
    return jsonify(app="uv-workspace", entries=entries())
