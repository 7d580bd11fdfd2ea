"""A proxy in front of a registry, which keeps a record of what went through it."""

import http.client
import http.server
import re
import socket
import threading
import urllib.parse

HOP = {"connection", "keep-alive", "transfer-encoding", "host"}
DATE = re.compile(rb'"(?:createdAt|lastModified|date)":"([^"]*)"')
GOOD_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Entry(tuple):
    """Method, path, status, headers and length of the body of an answer; `sent` has the headers of the request."""


class Recorder:
    """Listens on a free port of its own; `requests` has an entry for each answer, `sent` method, path, headers and the body (where
    it is short) of each request.

    With the name of a host in `store`, redirections to other servers go through a recorder of that name in front of each.
    `faults` are answers that no client of the Hub may ever get: of its other store, or with times that some cannot read.
    `rewrite` may change the body of an answer.
    """

    def __init__(self, url, host="127.0.0.1", rewrite=lambda path, data: data):
        self.upstream = urllib.parse.urlsplit(url)
        self.requests = []
        self.sent = []
        self.rewrite = rewrite
        self.faults = []
        self.store = None
        self.stores = {}
        self.cuts = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                recorder.forward(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = forward

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://{host}:{self.server.server_address[1]}"

    def forward(self, client):
        body = client.rfile.read(int(client.headers.get("Content-Length", 0)))
        lower = {name.lower(): value for name, value in client.headers.items()}
        self.sent.append((client.command, client.path, lower, body if len(body) < 1 << 16 else b""))
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port)
        headers = {name: value for name, value in client.headers.items() if name.lower() not in HOP}
        headers["X-Forwarded-Host"] = client.headers["Host"]
        headers["X-Forwarded-Proto"] = "http"
        connection.request(client.command, client.path, body or None, headers)
        answer = connection.getresponse()
        data = answer.read()
        changed = self.rewrite(client.path, data)
        answered = [(name, self.moved(name, value)) for name, value in answer.getheaders() if name.lower() not in HOP]
        if changed is not data:
            data, answered = changed, [pair for pair in answered if pair[0].lower() != "content-length"]
        entry = Entry((client.command, client.path, answer.status, dict((n.lower(), v) for n, v in answered), len(data)))
        entry.sent = lower
        self.requests.append(entry)
        self.check(entry, data)
        client.send_response(answer.status)
        for name, value in answered:
            client.send_header(name, value)
        if client.command != "HEAD" and not any(name.lower() == "content-length" for name, _ in answered):
            client.send_header("Content-Length", str(len(data)))
        client.end_headers()
        connection.close()
        if self.cuts and len(data) > self.cuts[0]:
            client.wfile.write(data[: self.cuts.pop(0)])
            client.wfile.flush()
            client.connection.shutdown(socket.SHUT_RDWR)
            client.close_connection = True
        else:
            client.wfile.write(data)

    def moved(self, name, value):
        """An address of another server as that of the recorder in front of it."""
        target = urllib.parse.urlsplit(value) if name.lower() == "location" and self.store else None
        if target is None or not target.netloc or target.netloc == self.upstream.netloc:
            return value
        origin = f"{target.scheme}://{target.netloc}"
        key = (origin, self.store)
        if key not in self.stores:
            self.stores[key] = Recorder(origin, self.store)
        return value.replace(origin, self.stores[key].url, 1)

    def check(self, entry, data):
        method, path, status, headers, _ = entry
        if any(name.startswith("x-xet") for name in headers) or "xet-auth" in headers.get("link", ""):
            self.faults.append((method, path, "speaks of Xet", headers))
        if headers.get("content-type", "").startswith("application/json") and path.startswith("/api/"):
            if b'"xetHash"' in data or b'"xetEnabled":true' in data:
                self.faults.append((method, path, "speaks of Xet", data[:200]))
            bad = [date for date in DATE.findall(data) if not GOOD_DATE.fullmatch(date)]
            if bad:
                self.faults.append((method, path, "dates", bad[:3]))
        if "/resolve/" in path and "content-encoding" in headers and headers["content-encoding"] != "identity":
            self.faults.append((method, path, "is compressed", headers))
        if status >= 500:
            self.faults.append((method, path, status, data[:200]))

    def cut(self, *lengths):
        """The next longer answers end after so many bytes."""
        self.cuts = list(lengths)
        for store in self.stores.values():
            store.cuts = self.cuts

    def take(self):
        """The record so far, which begins anew."""
        taken, self.requests, self.sent = self.requests, [], []
        return taken

    def take_stores(self):
        """What the servers were asked for that this one redirected to."""
        return [entry for store in self.stores.values() for entry in store.take()]
