#!/usr/bin/env python3
"""A server on 127.0.0.1 that takes SSH connections and misbehaves in one manner.

usage: hostile_server.py PORT MANNER
"""
import os
import socket
import sys
import threading
import time


def http(connection):
    connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")


def silent(connection):
    connection.recv(1)
    time.sleep(600)


def closing(connection):
    connection.close()


def slow(connection):
    for letter in b"SSH-2.0-slow" * 100:
        connection.sendall(bytes([letter]))
        time.sleep(0.2)


def endless(connection):
    while True:
        connection.sendall(b"a line before the banner\r\n" * 1000)


def garbage(connection):
    connection.sendall(b"SSH-2.0-garbage\r\n" + os.urandom(100000))
    time.sleep(600)


def cut(connection):
    """A packet that says to be longer than what comes."""
    connection.sendall(b"SSH-2.0-cut\r\n\x00\x00\x04\x00\x05\x14")
    connection.recv(100000)
    connection.close()


def serve(connection, manner):
    try:
        manner(connection)
    except OSError:
        pass
    connection.close()


manners = {f.__name__: f for f in (http, silent, closing, slow, endless, garbage, cut)}
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(
        target=serve, args=(server.accept()[0], manners[sys.argv[2]]), daemon=True
    ).start()
