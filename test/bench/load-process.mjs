// So many clients, each with a connection of its own that is kept, ask for one thing again and again for so long.
// Over plain sockets, as the processor is the servers'. Prints the latencies in milliseconds as JSON, and ends.
import { once } from "node:events";
import { connect } from "node:net";

const [target, token, clients, seconds] = process.argv.slice(2);
const { hostname, port, host, pathname, search } = new URL(target);
const request =
  `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
  "Accept: application/json\r\n\r\n";
const end = performance.now() + Number(seconds) * 1000;
const latencies = [];
const failures = new Map();

async function client() {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  while (performance.now() < end) {
    const start = performance.now();
    socket.write(request);
    const status = await answer(socket);
    if (status === 200) latencies.push(performance.now() - start);
    else failures.set(status, (failures.get(status) ?? 0) + 1);
  }
  socket.destroy();
}

/** The status of an answer, once its last byte is here. */
function answer(socket) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let received = 0;
    let whole;
    let status;
    const done = (settle) => {
      socket.off("data", take).off("close", lose);
      settle();
    };
    const take = (chunk) => {
      received += chunk.length;
      if (whole === undefined) {
        chunks.push(chunk);
        const text = Buffer.concat(chunks).toString("latin1");
        const head = text.indexOf("\r\n\r\n");
        if (head < 0) return;
        status = Number(text.slice(9, 12));
        whole = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))[1]);
      }
      if (received >= whole) done(() => resolve(status));
    };
    const lose = () => done(() => reject(new Error("the server closed the connection")));
    socket.on("data", take).on("close", lose);
  });
}

await Promise.all(Array.from({ length: Number(clients) }, client));
process.stdout.write(JSON.stringify({ latencies, failures: [...failures] }));
