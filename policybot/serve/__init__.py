"""Servers: the toolbox for other programs. MCP (Model Context Protocol) over stdio or HTTP.

Comes in: calls of tools, resources and prompts. Goes out: what the command line shows as text, what its
`--json` prints as structured content, and the citations that carry it. Start with `server.py` (the server
and its refusals); `reading.py`, `data_tools.py` and `score_tools.py` hold the tools, `resources.py` and
`prompts.py` the rest, `run.py` the transports. The package `mcp` is imported only when a server is made.
"""
