"""A server that is not the gate, for the crowd to drip on: what of a delay is the machine's. Takes what comes and forgets it; ends who has not said a whole head after ten seconds, as the gate does.

    python tests/bench/bystander.py            says its port on a line
"""

from __future__ import annotations

import resource
import select
import socket
import time
from collections import deque

HEAD_S, BODY_S = 10.0, 120.0  # the gate's defaults


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.setblocking(False)
    print(listener.getsockname()[1], flush=True)
    polled = select.epoll()
    polled.register(listener, select.EPOLLIN)
    clients: dict[int, socket.socket] = {}
    heads: deque[tuple[float, int, socket.socket]] = deque()
    bodies: deque[tuple[float, int, socket.socket]] = deque()
    while True:
        for number, _ in polled.poll(0.02):
            if number == listener.fileno():
                client, _ = listener.accept()
                client.setblocking(False)
                clients[client.fileno()] = client
                polled.register(client, select.EPOLLIN)
                continue
            client = clients[number]
            try:
                data = client.recv(65536)
            except OSError:
                data = b""
            if not data:
                del clients[number]
                client.close()
            elif len(data) > 1:  # the beginning of its request
                due = bodies if b"\r\n\r\n" in data else heads
                due.append((time.monotonic() + (BODY_S if due is bodies else HEAD_S), number, client))
        for due in (heads, bodies):
            while due and due[0][0] <= time.monotonic():
                _, number, client = due.popleft()
                if clients.get(number) is client:
                    del clients[number]
                    client.close()


if __name__ == "__main__":
    main()
