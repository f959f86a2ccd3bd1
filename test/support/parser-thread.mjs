// DuckDB's parser on a thread of its own: read-statement.ts waits for what it writes.
import { parentPort } from "node:worker_threads";
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();

parentPort.on("message", async ({ sql, shared }) => {
  const state = new Int32Array(shared, 0, 2);
  const answer = await serialized(sql);
  const bytes = Buffer.from(answer.text, "utf8");
  state[1] = bytes.length;
  if (bytes.length <= shared.byteLength - 8) new Uint8Array(shared, 8).set(bytes);
  Atomics.store(state, 0, answer.failed ? 2 : 1);
  Atomics.notify(state, 0);
});

async function serialized(sql) {
  try {
    const reader = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
    return { failed: false, text: String(reader.value(0, 0)) };
  } catch (error) {
    return { failed: true, text: String(error) };
  }
}
