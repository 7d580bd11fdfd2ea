"""A proxy in front of a registry, which keeps a record of what went through it."""

import http.client
import http.server
import threading
import urllib.parse

HOP = {"connection", "keep-alive", "transfer-encoding", "host"}


class Recorder:
    """Listens on a free port of its own; `requests` has method, path, status, headers and length of the body of each answer, `sent`
    has method, path, headers and the body (where it is short) of each request. `rewrite` may change the body of an answer."""

    def __init__(self, url, rewrite=lambda path, data: data):
        self.upstream = urllib.parse.urlsplit(url)
        self.requests = []
        self.sent = []
        self.rewrite = rewrite
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
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

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
        answered = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
        if changed is not data:
            data, answered = changed, [pair for pair in answered if pair[0].lower() != "content-length"]
        self.requests.append((client.command, client.path, answer.status, dict((n.lower(), v) for n, v in answered), len(data)))
        client.send_response(answer.status)
        for name, value in answered:
            client.send_header(name, value)
        if client.command != "HEAD" and not any(name.lower() == "content-length" for name, _ in answered):
            client.send_header("Content-Length", str(len(data)))
        client.end_headers()
        client.wfile.write(data)
        connection.close()

    def take(self):
        """The record so far, which begins anew."""
        taken, self.requests, self.sent = self.requests, [], []
        return taken
