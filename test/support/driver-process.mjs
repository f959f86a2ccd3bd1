// Opens a connection for each line of its input, runs statements over it, and answers with a line.
import { createInterface } from "node:readline";
import { connect } from "../../dist/index.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { connection, statements } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await run(connection, statements))}\n`);
}

async function run(options, statements) {
  const connection = await connect(options);
  try {
    const rowCounts = [];
    for (const statement of statements) rowCounts.push((await connection.query(statement)).rowCount);
    return { rowCounts };
  } catch ({ message, sqlState, detail, hint }) {
    return { error: { message, sqlState, detail, hint } };
  } finally {
    await connection.close();
  }
}
