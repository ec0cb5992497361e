// A WebSocket server of the npm package `ws` on a free port of 127.0.0.1, which it prints.  It ends with its input.
//
//     node wsserver.js FOLDER_OF_NODE_MODULES
//
// The path says what it does once a socket is open; then it echoes.  Each thing it observes is a line of JSON.
//   /echo            nothing more            /fragments/N   a text of N bytes in frames of 100
//   /ping            a ping "are you there"  /close/CODE    a close frame with that code, the reason "from ws"
//   /drop            breaks the connection   /big/N         a binary message of N bytes
//   /deflate         like /echo, on a server that offers permessage-deflate
//   /insist          answers the handshake with an extension that nobody asked for
"use strict";

const http = require("http");
const { createHash } = require("crypto");
const { createRequire } = require("module");
const { WebSocketServer } = createRequire(process.argv[2] + "/")("ws");

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function observe(event) {
  process.stdout.write(JSON.stringify(event) + "\n");
}

function chosen(offered) {
  return offered.has("chat") ? "chat" : false;
}

const plain = new WebSocketServer({ noServer: true, handleProtocols: chosen, perMessageDeflate: false });
const deflating = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 0 } });

function play(socket, path) {
  const [kind, argument] = path.slice(1).split("/");
  if (kind === "fragments") {
    const data = "x".repeat(Number(argument));
    for (let at = 0; at < data.length; at += 100) {
      socket.send(data.slice(at, at + 100), { binary: false, fin: at + 100 >= data.length });
    }
  } else if (kind === "big") {
    socket.send(Buffer.alloc(Number(argument), 7));
  } else if (kind === "ping") {
    socket.ping("are you there");
  } else if (kind === "close") {
    socket.close(Number(argument), "from ws");
  } else if (kind === "drop") {
    socket.terminate();
  }
}

function serve(socket, request) {
  observe({
    event: "open",
    path: request.url,
    headers: request.headers,
    protocol: socket.protocol,
    extensions: socket.extensions,
  });
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on("pong", (data) => observe({ event: "pong", data: data.toString() }));
  socket.on("error", (error) => observe({ event: "error", code: error.code }));
  socket.on("close", (code, reason) => observe({ event: "close", code, reason: reason.toString() }));
  play(socket, request.url);
}

function insist(request, stream) {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
  stream.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
  );
  stream.on("end", () => {
    observe({ event: "hung up" });
    stream.end();
  });
  stream.resume();
}

const server = http.createServer((request, response) => response.writeHead(426).end());
server.on("upgrade", (request, stream, head) => {
  stream.on("error", () => stream.destroy());
  if (request.url === "/insist") {
    insist(request, stream);
    return;
  }
  const sockets = request.url === "/deflate" ? deflating : plain;
  sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, request));
});
server.listen(0, "127.0.0.1", () => observe({ event: "listening", port: server.address().port }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
