import { expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 1 });

test.each(["sys_writes", "SYS_TABLES", "information_schema.columns"])(
  "DESCRIBE %s tells its columns, as a SELECT of it has them",
  async (name) => {
    const described = await running.query(`DESCRIBE ${name}`);
    const { columns } = await running.query(`SELECT * FROM ${name} LIMIT 0`);
    expect(described.rows.map(({ Column }) => Column)).toEqual(columns.map((column) => column.name));
  },
);

test("DESCRIBE of a name of neither says so", async () => {
  expect(await running.failure("DESCRIBE sys_wrties")).toMatchObject({ sqlState: "42P01" });
});
