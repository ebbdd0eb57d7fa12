"""Asks for an order with Python's own HTTP client. The thread blocks until the answer is there."""

import http.client
import json
from urllib.parse import urlsplit


class BlockingClient:
    """One connection, which stays open between requests. Each thread needs one of its own."""

    def __init__(self, origin):
        self.connection = http.client.HTTPConnection(urlsplit(origin).netloc)

    def connect(self):
        """Opens the connection. Otherwise the first request does so."""
        self.connection.connect()

    def fetch_order(self, number):
        """Reads the whole body, and returns its length."""
        self.connection.request("GET", f"/orders/{number}")
        response = self.connection.getresponse()
        body = response.read()
        check_order(number, response.status, body)
        return len(body)

    def close(self):
        self.connection.close()


def check_order(number, status, body):
    if status != 200 or json.loads(body)["id"] != number:
        raise RuntimeError(f"expected order {number}, got status {status}: {body[:60]!r}")
