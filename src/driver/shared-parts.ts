import type { Catalog } from "../catalog/catalog.js";
import type { SystemTable } from "../catalog/system-table.js";
import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import type { TestClocks } from "../execute/scan/test-clocks.js";
import type { ReadCounts } from "../store/read-counts.js";
import type { TableStatistics } from "../store/statistics-store.js";
import type { WritesStore } from "../store/writes/writes-store.js";
import type { SharedAnswers } from "../stripe/shared-answers.js";
import type { ConnectionMeter } from "./connection-meter.js";
import type { ConnectionProperties } from "./connection-properties.js";
import type { DatabaseKeptRows } from "./kept/database-kept-rows.js";
import type { Server } from "./open-server.js";
import type { ParsedTexts } from "./parsed-texts.js";
import type { PlannedSelects } from "./planned-selects.js";
import type { StatementLog } from "./statement-log.js";
import type { DatabaseViews } from "./views/database-views.js";

/** What the sessions of a database share. */
export interface SharedParts {
  readonly properties: ConnectionProperties;
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  readonly statistics: TableStatistics;
  readonly reads: ReadCounts;
  readonly writes: WritesStore;
  readonly meter: ConnectionMeter;
  readonly server: Server;
  readonly testClocks: TestClocks;
  /** Undefined where each statement asks for itself. */
  readonly sharedAnswers: SharedAnswers | undefined;
  /** What earlier statements have read, of any session or process. */
  readonly keptRows: DatabaseKeptRows;
  /** Views that outlive their sessions. */
  readonly keptViews: DatabaseViews;
  /** Opens the local engine when first asked for. */
  readonly engine: () => Promise<DuckdbEngine>;
  readonly parsedTexts: ParsedTexts;
  readonly plannedSelects: PlannedSelects;
  readonly log: StatementLog | undefined;
  /** What the next statement tells; emptied by it. */
  readonly notices: string[];
}
