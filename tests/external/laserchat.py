"""Starts a real server for the tests and speaks enough REST to set a scene."""

import contextlib
import http.server
import itertools
import os
import pathlib
import queue
import socket
import subprocess
import tempfile
import threading
import time

import httpx

# How long anything may take before the test says that it did not happen. Nothing is measured with it.
PATIENCE = 30.0

_numbers = itertools.count(1)


class Server:
    """The binary named by LASERCHAT_BIN, on a free port, with a data folder of its own."""

    def __init__(self, settings=None):
        self.settings = settings or {}
        self.folder = tempfile.TemporaryDirectory(prefix="laserchat-external-")
        self.log = pathlib.Path(self.folder.name, "log")
        # Between choosing a port and the server's taking it, somebody else may take it: then choose again.
        for _ in range(5):
            self._start()
            if self._is_ready():
                return
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')}")

    def _start(self):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.url = f"http://{address}"
        self.api = f"{self.url}/api/v1"
        self.ws = f"ws://{address}/api/v1/ws"
        data = pathlib.Path(self.folder.name, "data")
        command = [os.environ["LASERCHAT_BIN"], "serve", "--listen", address]
        command += ["--data", str(data), "--rate-limits", "off"]
        # The server reads its settings from LASERCHAT_… too; what is set for the tests is not meant for it.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("LASERCHAT_")
        }
        environment.update(self.settings)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _is_ready(self):
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200:
                    return True
            time.sleep(0.05)
        self.stop()
        return False

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.stop()
        self.folder.cleanup()


class User:
    """A registered user and an HTTP client that carries the user's token."""

    def __init__(self, server, name):
        # Names are unique in the server, whichever test asks.
        self.username = f"{name}{next(_numbers)}"
        body = {"username": self.username, "password": "correct horse battery"}
        answer = httpx.post(f"{server.api}/auth/register", json=body, trust_env=False)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["user"]["id"]
        self.token = answer.json()["access_token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(
            base_url=server.api, headers=self.headers, timeout=PATIENCE, trust_env=False
        )

    def direct(self, other):
        """The id of the direct conversation with the other user."""
        body = {"type": "direct", "members": [other.id]}
        answer = self.http.post("/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def send(self, conversation, client_id, body, status=201):
        answer = self.http.post(
            f"/conversations/{conversation}/messages", json={"client_id": client_id, "body": body}
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def history(self, conversation):
        answer = self.http.get(f"/conversations/{conversation}/messages")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]


def bodies(events, conversation):
    """The texts of the messages that the events tell of, in the order of arrival."""
    return [
        event["message"]["body"]
        for event in events
        if event["type"] == "message.sent" and event["conversation_id"] == conversation
    ]


class Receiver(http.server.ThreadingHTTPServer):
    """A service that the server calls: takes everything with one answer, and keeps what arrived."""

    def __init__(self, status, answer=b""):
        self.arrived = queue.Queue()
        self.answer = (status, answer)
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.arrived.put((self.path, headers, body))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass
