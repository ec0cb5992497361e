"""
A WebSocket server on a free port that sends back what it gets: the `websockets` package.  Ends with its input.

    python -m tests.bench.echoserver        whole messages
    python -m tests.bench.echoserver cut    each message in two fragments, which leave in pieces that are cut anywhere

Prints the port.
"""

import asyncio
import random
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


async def echo(connection):
    """Send back."""
    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        return  # hung up without a word, which a client that is done may


async def cut(connection):
    """Send back in two fragments, with pauses of the loop within frames."""
    transport = connection.transport
    write = transport.write

    def in_pieces(data):
        at = random.randint(0, len(data))
        write(data[:at])
        write(data[at:])

    transport.write = in_pieces
    try:
        async for message in connection:
            middle = random.randint(0, len(message))
            await connection.send([message[:middle], message[middle:]])
    except ConnectionClosed:
        return


async def main():
    """Serve until the input ends."""
    play = cut if sys.argv[1:] == ["cut"] else echo
    async with serve(play, "127.0.0.1", 0, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
