"""A real MCP server, by the official package. Prints its port once it is known."""

import socket
import sys

from mcp.server.fastmcp import FastMCP

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]

server = FastMCP("orders", host="127.0.0.1", port=port, log_level="ERROR")


@server.tool()
def order_state(order: str) -> str:
    """Says where an order is."""
    return f"order {order} is on the truck"


@server.tool()
def forbidden() -> str:
    """Must not be offered."""
    return "no"


print(port, flush=True)
sys.stdout.flush()
server.run(transport="streamable-http")
