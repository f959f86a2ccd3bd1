import { afterAll, beforeAll } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { studioQueries } from "../../src/repl/run-studio.js";
import type { Studio } from "../../src/studio/open-studio.js";
import { openStudio } from "../../src/studio/open-studio.js";
import { StudioPage } from "./studio-page.js";

interface ServedOptions {
  readonly customers: number;
  readonly isReadOnly: boolean;
  /** Of saved queries and dashboards. */
  readonly folder: string;
}

/** A studio over a sandbox for the tests of a file, as its page asks it. */
export class ServedStudio {
  sandbox!: Sandbox;
  connection!: Connection;
  page!: StudioPage;

  constructor({ customers, isReadOnly, folder }: ServedOptions) {
    let studio: Studio;
    beforeAll(async () => {
      this.sandbox = await startSandbox({ customers });
      const { url: apiBase, apiKey } = this.sandbox;
      this.connection = await connect({ apiBase, apiKey, testClocks: false, parallelRequests: 1 });
      studio = await openStudio({ connection: this.connection, isReadOnly, queries: studioQueries(folder), folder });
      this.page = new StudioPage(studio.url);
    });
    afterAll(async () => {
      await studio.close();
      await this.connection.close();
      await this.sandbox.close();
    });
  }

  /** The first result of a run. */
  async resultOf(sql: string): Promise<string> {
    const [begin] = await this.page.events(sql);
    if (begin?.kind !== "columns") throw new Error(`no columns: ${JSON.stringify(begin)}`);
    return begin.result;
  }
}
