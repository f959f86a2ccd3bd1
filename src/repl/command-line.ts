import { Command, CommanderError, Option } from "commander";
import type { ChartRequest } from "../chart/chart-request.js";
import { formatFor } from "../output/format-of-file.js";
import type { OutputFormat, TextFormat } from "../output/output-format.js";
import { isFileFormat, isPictureFormat, outputFormats, textFormats } from "../output/output-format.js";
import type { CheckFormat, ConformanceInvocation, Invocation, ScriptSource, StudioInvocation } from "./invocation.js";
import { checkFormats } from "./invocation.js";
import type { ConnectionOptionValues } from "./option-values.js";
import {
  append,
  appendProperty,
  appendVariable,
  chart,
  overridesOf,
  portNumber,
  seconds,
  wholeNumber,
} from "./option-values.js";

interface ConformanceOptionValues extends ConnectionOptionValues {
  readonly table?: readonly string[];
  readonly write?: true;
  readonly fixtures?: string;
  readonly maxRequests?: number;
  readonly format: TextFormat;
}

interface QueryOptionValues extends ConnectionOptionValues {
  readonly variable?: readonly (readonly [name: string, value: string])[];
  readonly queries?: string;
  readonly rc?: boolean;
  readonly format?: OutputFormat;
  readonly output?: string;
  readonly plot?: ChartRequest;
  readonly yes?: true;
}

interface StudioOptionValues extends ConnectionOptionValues {
  readonly port: number;
  readonly queries?: string;
  readonly write?: true;
}

interface SandboxOptionValues {
  readonly port: number;
  readonly customers?: number;
  readonly seed?: number;
  readonly file?: string;
  readonly latency?: number;
  readonly rps?: number;
}

interface ServeOptionValues {
  readonly http?: number;
  readonly postgres?: number;
  readonly host: string;
  readonly connection?: readonly string[];
  readonly tokenFile?: string;
  readonly users?: string;
  readonly trustLoopback?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxConnections?: number;
  readonly engineTimeout?: number;
  readonly metrics?: number;
}

const examples = `
Examples:
  stripe-sql                                                  the REPL, on the sandbox unless STRIPE_API_KEY is set
  stripe-sql -c "SELECT Id, Email FROM Customer LIMIT 5"      one statement
  stripe-sql --format csv -o charges.csv < charges.sql        a script, into a file
  stripe-sql -v month=2026-10 -f report.sql                   a file, with :'month' in it
  stripe-sql --connection stripe-eu.yaml                      the REPL, on the connection of a file
  stripe-sql connection check stripe-eu.yaml                  does that connection work?
  stripe-sql sandbox --port 12111                             Stripe's look-alike alone`;

/** Reads the arguments after the program's name. */
export function parseCommandLine(args: readonly string[], version: string): Invocation {
  let printed = "";
  let invocation: Invocation | undefined;
  const program = describeProgram(version, (result) => {
    invocation = result;
  });
  for (const command of withSubcommands(program)) {
    const print = (text: string) => {
      printed += text;
    };
    command.exitOverride().configureOutput({ writeOut: print, writeErr: print });
  }
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [first] = program.args;
    const isCommand = program.commands.some((command) => command.name() === first);
    if (error.code === "commander.excessArguments" && !isCommand) return strayArgument(first);
    return { kind: "print", text: printed, status: error.exitCode === 0 ? 0 : 2 };
  }
  return invocation ?? usageError("nothing to do");
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function describeProgram(version: string, found: (invocation: Invocation) => void): Command {
  const scripts: ScriptSource[] = [];
  const program = new Command("stripe-sql")
    .description("SQL for Stripe: resources are tables, other API calls are procedures.")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .option(
      "-c, --command <sql>",
      "run statements and backslash commands, and exit; may be repeated",
      (text: string) => {
        scripts.push({ kind: "text", text });
      },
    )
    .option("-f, --file <file>", "run a file of them, in order with -c; - is standard input", (path: string) => {
      scripts.push({ kind: "file", path });
    })
    .option("-v, --variable <name=value>", "set a variable, for :name and :'name'; may be repeated", appendVariable)
    .addOption(
      new Option("--format <format>", "how results are printed; default what -o's file is called, else table").choices([
        ...outputFormats,
      ]),
    )
    .option(
      "--plot <chart>",
      'draw results, "bar month mrr by currency": in the terminal, or with --format svg or png as a picture',
      chart,
    )
    .option("-o, --output <file>", "write results to this file, whole or not at all; - is standard output")
    .option("--connection <string|file>", 'connection properties, "ApiKey=…;AccountId=…", or a connection file')
    .option(
      "--set <Name=Value>",
      "set one connection property, of those in sys_connection_props; may be repeated",
      appendProperty,
    )
    .option("--sandbox", "use the embedded sandbox, whatever key is set")
    .addOption(agreement())
    .option("--queries <folder>", "where the REPL's \\save and \\run keep queries; else STRIPE_SQL_QUERIES")
    .option("-X, --no-rc", "start the REPL without its settings' file")
    .addHelpText("after", examples)
    .action((options: QueryOptionValues) => found(queryInvocation(options, scripts)));
  program
    .command("sandbox")
    .description("run Stripe's look-alike on loopback until Ctrl-C")
    .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber, 12111)
    .option("--customers <number>", "customers to seed", wholeNumber)
    .option("--seed <number>", "seed of the data: the same number gives the same rows", wholeNumber)
    .option("--file <path>", "SQLite file that keeps the state")
    .option("--latency <ms>", "delay of every answer", wholeNumber)
    .option("--rps <number>", "requests a second above which it answers 429", wholeNumber)
    .helpOption("--help", "print this help")
    .action((options: SandboxOptionValues) => found(sandboxInvocation(options)));
  describeWrites(program.command("writes"), found);
  describeConnectionCommands(program.command("connection"), found);
  program
    .command("serve")
    .description("serve connections over HTTP, over PostgreSQL's protocol, or both, until Ctrl-C")
    .option("--http <port>", "port for HTTP; 0 takes a free one", portNumber)
    .option("--postgres <port>", "port for clients of PostgreSQL; 0 takes a free one", portNumber)
    .option("--connection <file>", "connection file to serve; may be repeated", append)
    .option(
      "--host <address>",
      "address to listen on; other than loopback only with a token or users of yours",
      "127.0.0.1",
    )
    .option("--token-file <file>", "file that holds HTTP's token; else STRIPE_SQL_TOKEN, else a random one is shown")
    .option("--users <file>", "file of PostgreSQL's users, and where their passwords are")
    .option("--trust-loopback", "let clients of PostgreSQL on this machine in without a password")
    .option("--tls-cert <file>", "certificate for clients of PostgreSQL, PEM; then none comes in without TLS")
    .option("--tls-key <file>", "its key, PEM")
    .option("--max-connections <number>", "clients of PostgreSQL at once, default 100", wholeNumber)
    .option(
      "--engine-timeout <seconds>",
      "how long a statement may keep the PostgreSQL inside to itself, default 60; 0 for no limit",
      seconds,
    )
    .option(
      "--metrics <port>",
      "port of 127.0.0.1 for Prometheus' metrics, without a token; 0 takes a free one",
      portNumber,
    )
    .helpOption("--help", "print this help")
    .action((options: ServeOptionValues) => found(serveInvocation(options)));
  describeStudio(program.command("studio"), found);
  describeConformance(program.command("conformance"), found);
  return program;
}

const agreement = () =>
  new Option("--yes", "agree to writes that are to be confirmed: on a live key those of two calls or more");

/** What each does is a statement of its own. */
const writesCommands = {
  list: {
    description: "writes of the account, of two calls or more: what is done, and what is left",
    sql: () =>
      "SELECT Id, State, Command, Begun, Calls, Written, Failed, InDoubt, NotSent FROM sys_writes ORDER BY Begun DESC",
  },
  show: { description: "each call of a write, with its state, id, key and request id", sql: writeStatement("SHOW") },
  resume: { description: "go on with a write that was cut off: each call once", sql: writeStatement("RESUME") },
  forget: { description: "take a write off the list; it can then not be resumed", sql: writeStatement("FORGET") },
} as const;

function writeStatement(verb: string): (id: string) => string {
  return (id) => `${verb} WRITE '${id.replaceAll("'", "''")}'`;
}

function describeWrites(writes: Command, found: (invocation: Invocation) => void): void {
  writes
    .description("list, show, resume and forget writes that the journal keeps")
    .helpOption("--help", "print this help")
    .helpCommand(false);
  for (const [name, { description, sql }] of Object.entries(writesCommands)) {
    const command = writes.command(name).description(description).allowExcessArguments(false);
    if (name !== "list") command.argument("<id>", "the write, as list shows it");
    command
      .addOption(
        new Option("--format <format>", "how the answer is printed").choices([...textFormats]).default("table"),
      )
      .option("--connection <string|file>", 'connection properties, "ApiKey=…;AccountId=…", or a connection file')
      .option("--set <Name=Value>", "set one connection property; may be repeated", appendProperty)
      .option("-o, --output <file>", "write the answer to this file, whole or not at all");
    if (name === "resume") command.addOption(agreement());
    command
      .helpOption("--help", "print this help")
      .action(() =>
        found(queryInvocation(command.opts<QueryOptionValues>(), [{ kind: "text", text: sql(command.args[0] ?? "") }])),
      );
  }
}

function describeStudio(studio: Command, found: (invocation: Invocation) => void): void {
  studio
    .description("serve a page to query the account in this machine's browser, until Ctrl-C")
    .option("--write", "let it write; without this, the connection only reads")
    .option("--port <port>", "port of 127.0.0.1; 0 takes a free one", portNumber, 0)
    .option("--queries <folder>", "where saved queries are; else STRIPE_SQL_QUERIES")
    .option("--connection <string|file>", 'connection properties, "ApiKey=…;AccountId=…", or a connection file')
    .option("--set <Name=Value>", "set one connection property; may be repeated", appendProperty)
    .option("--sandbox", "use the embedded sandbox, whatever key is set")
    .allowExcessArguments(false)
    .helpOption("--help", "print this help")
    .action((options: StudioOptionValues) => found(studioInvocation(options)));
}

function studioInvocation(options: StudioOptionValues): StudioInvocation {
  const { connection, port, queries, write } = options;
  const reading = write === true ? [] : ["ReadOnly=true"];
  const overrides = [overridesOf(options), ...reading].filter((part) => part !== undefined).join(";");
  return {
    ...{ kind: "studio", connection, port, queriesFolder: queries, writes: write === true },
    overrides: overrides === "" ? undefined : overrides,
  };
}

function describeConformance(conformance: Command, found: (invocation: Invocation) => void): void {
  conformance
    .description("ask a test account whether Stripe answers as its declarations and documentation say")
    .option("--write", "write too, to objects of its own, which it removes")
    .option("--table <name...>", "only these tables", append)
    .option("--fixtures <dir>", "save redacted answers in this folder")
    .option("--max-requests <number>", "send no more requests than this", wholeNumber)
    .addOption(new Option("--format <format>", "how findings are printed").choices([...textFormats]).default("table"))
    .option("--connection <string|file>", 'connection properties, "ApiKey=…;AccountId=…", or a connection file')
    .option("--set <Name=Value>", "set one connection property; may be repeated", appendProperty)
    .option("--sandbox", "ask the embedded sandbox, whatever key is set")
    .allowExcessArguments(false)
    .helpOption("--help", "print this help")
    .addHelpText("after", "\nStatus 0 where nothing disagrees, 1 where something does, 2 for mistakes and live keys.")
    .action((options: ConformanceOptionValues) => found(conformanceInvocation(options)));
}

function conformanceInvocation(options: ConformanceOptionValues): ConformanceInvocation {
  const { connection, table = [], write = false, fixtures, maxRequests, format } = options;
  const overrides = overridesOf(options);
  return { kind: "conformance", connection, overrides, tables: table, write, fixtures, maxRequests, format };
}

function describeConnectionCommands(connection: Command, found: (invocation: Invocation) => void): void {
  connection
    .description("check connection files, or print what they may hold")
    .helpOption("--help", "print this help")
    .helpCommand(false);
  connection
    .command("check")
    .description(
      "check files, read their secrets and ask Stripe; status 0 where all are ACTIVE, 1 where not, 2 for mistakes",
    )
    .argument("<file...>", "YAML, JSON or *.tf.json; FILE#NAME takes one of its connections")
    .addOption(new Option("--format <format>", "how the answer is printed").choices(checkFormats).default("text"))
    .helpOption("--help", "print this help")
    .action((files: readonly string[], { format }: { readonly format: CheckFormat }) =>
      found({ kind: "connection check", files, format }),
    );
  connection
    .command("schema")
    .description("print the JSON Schema of connection files")
    .allowExcessArguments(false)
    .helpOption("--help", "print this help")
    .action(() => found({ kind: "connection schema" }));
}

function queryInvocation(options: QueryOptionValues, scripts: readonly ScriptSource[]): Invocation {
  const { output, plot } = options;
  const format = options.format ?? (output === undefined ? "table" : formatFor(output, "table"));
  if (isFileFormat(format) && format !== "svg" && options.output === undefined) {
    return usageError(`--format ${format} needs -o FILE, or -o - for standard output`);
  }
  if (plot !== undefined && format !== "table" && !isPictureFormat(format)) {
    return usageError(`--plot draws as text, or with --format svg or png as a picture, and not as ${format}`);
  }
  return {
    kind: "query",
    connection: options.connection,
    overrides: overridesOf(options),
    scripts: scripts.length === 0 ? undefined : scripts,
    variables: options.variable ?? [],
    queriesFolder: options.queries,
    readsRc: options.rc !== false,
    format,
    outputFile: options.output,
    chart: plot,
    agreesToWrites: options.yes === true,
  };
}

function sandboxInvocation(options: SandboxOptionValues): Invocation {
  return {
    kind: "sandbox",
    options: {
      port: options.port,
      ...(options.customers !== undefined && { customers: options.customers }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.file !== undefined && { file: options.file }),
      ...(options.latency !== undefined && { latencyMs: options.latency }),
      ...(options.rps !== undefined && { requestsPerSecond: options.rps }),
    },
  };
}

function serveInvocation(options: ServeOptionValues): Invocation {
  const { http, postgres, host, connection = [], tokenFile, tlsCert, tlsKey } = options;
  if (http === undefined && postgres === undefined)
    return usageError("serve needs --http PORT, --postgres PORT, or both");
  if (options.metrics !== undefined && postgres === undefined)
    return usageError("--metrics goes with --postgres: over HTTP they are at /metrics");
  if ((tlsCert === undefined) !== (tlsKey === undefined)) return usageError("--tls-cert and --tls-key go together");
  const tls = tlsCert === undefined || tlsKey === undefined ? undefined : { certificate: tlsCert, key: tlsKey };
  return {
    ...{ kind: "serve", host, files: connection },
    http: http === undefined ? undefined : { port: http, tokenFile },
    postgres:
      postgres === undefined
        ? undefined
        : {
            port: postgres,
            users: options.users,
            trustsLoopback: options.trustLoopback === true,
            tls,
            maxConnections: options.maxConnections,
            engineTimeoutMs: options.engineTimeout === undefined ? undefined : options.engineTimeout * 1000,
            metricsPort: options.metrics,
          },
  };
}

function strayArgument(argument: string | undefined): Invocation {
  return usageError(`unexpected argument "${argument}": a statement is given with -c`);
}

function usageError(message: string): Invocation {
  return { kind: "print", text: `error: ${message}\n`, status: 2 };
}
