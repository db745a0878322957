"""A mail server for tests: speaks SMTP over a real socket and keeps what it is given."""

import email
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy


@dataclass
class Post:
    """The running server: its port, what came in, and what it answers to addresses and mails."""

    port: int = 0
    letters: list = field(default_factory=list)
    recipient: str = "250 ok"
    taken: str = "250 kept"
    dies: bool = False  # hangs up after it has taken a mail, before it says so


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 here")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith(("EHLO", "HELO")):
                self._say("250 hello")
            elif word.startswith("RCPT"):
                self._say(self.server.post.recipient)
            elif word == "DATA":
                if self._take():
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        post = self.server.post
        if post.taken.startswith("250"):
            post.letters.append(email.message_from_bytes(b"".join(lines), policy=policy.default))
        if post.dies:
            return True
        self._say(post.taken)
        return False

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def post_office():
    post = Post()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.post, post.port = post, server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield post
        server.shutdown()
