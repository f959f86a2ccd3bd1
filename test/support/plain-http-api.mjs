// The least that `serve` can put in front of its connections: POST /CONNECTION/METHOD with the input as JSON.
import { once } from "node:events";
import { createServer } from "node:http";

export async function openPlainHttpApi({ connections, token, log }) {
  const server = createServer(async (request, response) => {
    const [, name, method] = request.url.split("/");
    const connection = connections.find((one) => one.name === name);
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    if (!isKnown || connection === undefined) return response.writeHead(isKnown ? 404 : 401).end();
    const input = JSON.parse(await bodyOf(request));
    log?.info({ method }, "received");
    try {
      const output = await connection.call(method, input);
      response.end(JSON.stringify(output));
    } catch (error) {
      const { message, sqlState, stripe } = error;
      response.writeHead(503).end(JSON.stringify({ message, sqlState, stripe }));
    }
  });
  return {
    listen: async ({ host, port }) => {
      server.listen(port, host);
      await once(server, "listening");
      return { url: `http://${host}:${server.address().port}` };
    },
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeIdleConnections();
      await once(server, "close");
    },
  };
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
