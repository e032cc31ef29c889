#!/usr/bin/env python3
"""A server over HTTP/1.1 that behaves, or misbehaves, as the path says.

usage: http_server.py PORT WORD [CERTIFICATE KEY [CLIENTS_AUTHORITY]]
With a certificate it speaks TLS. Port 0 is any; the port is printed. WORD is what /word says.
/pages/NAME is the file of that name in $PAGES, or what it says behind a '!'; what follows NAME/ makes
it another URL. $PAGES.log tells which were asked for. /prometheus/NAME answers as a Prometheus server: with
the file of that name to a query (@-3@ in it is 3 s ago), or for what is there now with NAME.now if that is there,
and with NAME.metadata and NAME.series if they are.
"""
import gzip
import http.server
import os
import re
import socketserver
import ssl
import sys
import time
import urllib.parse
import zlib


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, content_type="text/plain", **headers):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self, **headers):
        """An answer without a length: it ends with the connection."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def word(self):
        self.answer(sys.argv[2].encode())

    def peer_port(self):
        self.answer(str(self.client_address[1]).encode())

    def stop(self):
        self.answer(b"stop")

    def echo(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"%s %s %s" % (self.command.encode(), self.headers["Content-Type"].encode(), body))

    def whole(self):
        self.answer(b"x" * 1000000)

    def larger(self):
        self.answer(b"x" * 1000001)

    def endless(self):
        self.begin()
        while True:
            self.wfile.write(b"x" * 65536)

    def slow(self):
        self.begin()
        while True:
            self.wfile.write(b"x")
            time.sleep(0.1)

    def hang(self):
        time.sleep(3600)

    def headers_without_end(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-Header: %s\r\n" % (b"x" * 60000))

    def cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def closing(self):
        self.close_connection = True

    def silently_closing(self):
        """The client thinks that the connection is kept open."""
        self.answer(b"until next time")
        self.close_connection = True

    def garbage(self):
        self.wfile.write(os.urandom(100000))
        self.close_connection = True

    def compressed(self):
        assert "gzip" in self.headers["Accept-Encoding"]
        self.answer(gzip.compress(b"was compressed"), Content_Encoding="gzip")

    def bomb(self):
        """Each megabyte of zeros is a kilobyte on the wire; a hundred thousand of them."""
        self.begin(Content_Encoding="gzip")
        packer = zlib.compressobj(wbits=31)
        for _ in range(100000):
            self.wfile.write(packer.compress(bytes(1000000)) + packer.flush(zlib.Z_FULL_FLUSH))

    def not_compressed(self):
        self.answer(b"this is no gzip at all", Content_Encoding="gzip")

    def redirect(self):
        self.answer(b"", 302, Location="/word")

    def unavailable(self):
        self.answer(b"no", 503)

    def authorization(self):
        self.answer((self.headers["Authorization"] or "none").encode())

    def token(self):
        good = self.headers["Authorization"] == "Bearer good-token"
        self.answer(b"welcome" if good else b"no", 200 if good else 401)

    def renew(self):
        """As something on the runner's machine does, meanwhile."""
        with open(os.environ["TOKEN_FILE"], "w") as file:
            file.write("next-token\n")
        self.answer(b"renewed")

    def cookie(self):
        self.answer((self.headers["Cookie"] or "none").encode(), Set_Cookie="session=abc; HttpOnly")

    def wrong_clock(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n")

    def odd_clock(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nDate: Sun, 99 Nov 99999 99:99:99 X\r\nContent-Length: 0\r\n\r\n")

    def pages(self):
        name = self.path.split("/")[2]
        with open(os.path.join(os.environ["PAGES"], name), "rb") as file:
            body = file.read()
        with open(os.environ["PAGES"] + ".log", "a") as file:
            file.write(self.path + "\n")
        if body.startswith(b"!"):
            return getattr(self, body[1:].decode().strip())()
        kind = "application/openmetrics-text; version=1.0.0" if name.endswith(".openmetrics") else "text/plain"
        self.answer(body, content_type=kind)

    def prometheus(self):
        _, _, name, what = self.path.split("/", 3)
        what = what.split("/")[-1]
        fields = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        with open(os.environ["PAGES"] + ".log", "a") as file:
            file.write("%s %s %s\n" % (name, what, fields.get("query", [""])[0]))
        path = os.path.join(os.environ["PAGES"], name)
        if what != "query":
            path += "." + what
        elif "[" not in fields["query"][0] and os.path.exists(path + ".now"):
            path += ".now"
        if name == "guarded" and self.headers["Authorization"] != "Bearer good-token":
            return self.answer(b"no", 401)
        if fields.get("query") == ["time()"]:
            body = '{"status":"success","data":{"resultType":"scalar","result":[@0@,"@0@"]}}'
        elif os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                body = file.read()
        else:
            body = '{"status":"success","data":%s}' % ("{}" if what == "metadata" else "[]")
        if body.startswith("!"):
            return getattr(self, body[1:].strip())()
        body = re.sub("@(-?[0-9.]+)@", lambda match: "%.3f" % (time.time() + float(match[1])), body)
        self.answer(body.encode(), content_type="application/json")

    def too_much(self):
        body = b'{"status":"error","errorType":"execution","error":"query would load too many samples"}'
        self.answer(body, 422, "application/json")

    def bad_data(self):
        body = b'{"status":"error","errorType":"bad_data","error":"parse error: \\u001b[31mno\\n"}'
        self.answer(body, 400, "application/json")

    def guarded(self):
        good = self.headers["Authorization"] in ("Bearer good-token", "Basic bWU6cGFzcyB3b3Jk")
        self.answer(b"up 1\n" if good else b"no", 200 if good else 401)

    def do_GET(self):
        if self.path.startswith("/pages/"):
            return self.pages()
        if self.path.startswith("/prometheus/"):
            return self.prometheus()
        getattr(self, self.path.split("?")[0].strip("/").replace("-", "_"))()

    do_POST = do_GET


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 500

    def finish_request(self, request, client_address):
        if len(sys.argv) > 3:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            if len(sys.argv) > 5:
                context.load_verify_locations(sys.argv[5])
                context.verify_mode = ssl.CERT_REQUIRED
            request = context.wrap_socket(request, server_side=True)
        Handler(request, client_address, self)
        try:
            request.close()
        except OSError:
            pass

    def handle_error(self, *_):
        pass


with Server(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
