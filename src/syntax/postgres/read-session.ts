import type { DiscardMode, FetchDirection, Node, TransactionStmtKind } from "libpg-query";
import type { NodeOf } from "./node.js";
import type {
  CopyEnd,
  DiscardStatement,
  FetchStatement,
  NotificationStatement,
  ResetStatement,
  SetStatement,
  StatementOption,
  TransactionModes,
  TransactionStatement,
} from "./postgres-statement.js";

type Own<Statement> = Omit<Statement, "text" | "offset">;

const noModes: TransactionModes = { isolation: undefined, readOnly: undefined, deferrable: undefined };

/** SET and RESET; undefined for `SET x FROM CURRENT`, which stands in definitions of functions. */
export function readSetting(node: NodeOf<"VariableSetStmt">): Own<SetStatement> | Own<ResetStatement> | undefined {
  const { kind = "VAR_SET_VALUE", name = "", args = [], is_local: isLocal = false } = node;
  switch (kind) {
    case "VAR_RESET":
      return { kind: "reset", name };
    case "VAR_RESET_ALL":
      return { kind: "reset", name: undefined };
    case "VAR_SET_DEFAULT":
      return { kind: "set", name, values: undefined, isLocal, modes: noModes };
    case "VAR_SET_VALUE":
      return { kind: "set", name, values: args.map(valueText), isLocal, modes: noModes };
    case "VAR_SET_MULTI":
      return { kind: "set", name, values: snapshotOf(args), isLocal, modes: readModes(args) };
    case "VAR_SET_CURRENT":
      return undefined;
  }
}

/** `SET TRANSACTION SNAPSHOT '…'` has a value, where the modes of a transaction have names. */
function snapshotOf(args: readonly Node[]): readonly string[] {
  return args.flatMap((node) => ("A_Const" in node ? [valueText(node)] : []));
}

/** `INTERVAL '-08:00'`, as SET TIME ZONE takes it, keeps its type. */
function valueText(node: Node): string {
  if ("TypeCast" in node && node.TypeCast.arg !== undefined) return `INTERVAL '${valueText(node.TypeCast.arg)}'`;
  if ("A_Const" in node) return constantText(node.A_Const);
  if ("String" in node) return constantText({ sval: node.String });
  if ("Integer" in node) return constantText({ ival: node.Integer });
  if ("Float" in node) return constantText({ fval: node.Float });
  if ("Boolean" in node) return constantText({ boolval: node.Boolean });
  return "A_Star" in node ? "*" : "";
}

function constantText({ sval, fval, boolval, ival }: NodeOf<"A_Const">): string {
  if (sval !== undefined) return sval.sval ?? "";
  if (fval !== undefined) return fval.fval ?? "";
  return boolval === undefined ? String(ival?.ival ?? 0) : String(boolval.boolval === true);
}

/** ISOLATION LEVEL, READ ONLY and DEFERRABLE; where one is said twice the last counts. */
function readModes(options: readonly Node[] | undefined): TransactionModes {
  const modes = readOptions(options);
  const last = (name: string): string | undefined => modes.findLast((mode) => mode.name === name)?.values[0];
  const isSet = (name: string): boolean | undefined => {
    const value = last(name);
    return value === undefined ? undefined : value === "1";
  };
  return {
    isolation: last("transaction_isolation"),
    readOnly: isSet("transaction_read_only"),
    deferrable: isSet("transaction_deferrable"),
  };
}

export function readOptions(options: readonly Node[] | undefined): readonly StatementOption[] {
  return (options ?? []).flatMap((node): readonly StatementOption[] => {
    if (!("DefElem" in node)) return [];
    const { defname = "", arg } = node.DefElem;
    const values = arg === undefined ? [] : "List" in arg ? (arg.List.items ?? []) : [arg];
    return [{ name: defname.toLowerCase(), values: values.map(valueText) }];
  });
}

const actions: Readonly<Record<TransactionStmtKind, TransactionStatement["action"]>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "release",
  TRANS_STMT_ROLLBACK_TO: "rollback-to",
  TRANS_STMT_PREPARE: "prepare",
  TRANS_STMT_COMMIT_PREPARED: "commit-prepared",
  TRANS_STMT_ROLLBACK_PREPARED: "rollback-prepared",
};

export function readTransaction(node: NodeOf<"TransactionStmt">): Own<TransactionStatement> {
  const { kind = "TRANS_STMT_BEGIN", savepoint_name: savepoint, gid, chain = false, options } = node;
  return { kind: "transaction", action: actions[kind], name: savepoint ?? gid, chain, modes: readModes(options) };
}

const targets: Readonly<Record<DiscardMode, DiscardStatement["target"]>> = {
  DISCARD_ALL: "all",
  DISCARD_PLANS: "plans",
  DISCARD_SEQUENCES: "sequences",
  DISCARD_TEMP: "temp",
};

export function readDiscard({ target = "DISCARD_ALL" }: NodeOf<"DiscardStmt">): Own<DiscardStatement> {
  return { kind: "discard", target: targets[target] };
}

const directions: Readonly<Record<FetchDirection, FetchStatement["direction"]>> = {
  FETCH_FORWARD: "forward",
  FETCH_BACKWARD: "backward",
  FETCH_ABSOLUTE: "absolute",
  FETCH_RELATIVE: "relative",
};

/** ALL is the largest number of 32 bits to the parser. */
const allRows = 2_147_483_647;

export function readFetch(node: NodeOf<"FetchStmt">): Own<FetchStatement> {
  const { portalname: cursor = "", direction = "FETCH_FORWARD", howMany = 0, ismove: isMove = false } = node;
  const count = Number(howMany);
  return { kind: "fetch", cursor, direction: directions[direction], count: count === allRows ? "all" : count, isMove };
}

type NotifyingNode = NodeOf<"NotifyStmt">;

export function readNotification(
  action: NotificationStatement["action"],
  { conditionname: channel, payload }: NotifyingNode,
): Own<NotificationStatement> {
  return { kind: "notification", action, channel, payload };
}

/** Where COPY reads from or writes to. */
export function readCopyEnd({ filename, is_program: isProgram }: NodeOf<"CopyStmt">): CopyEnd {
  if (filename === undefined) return { kind: "client" };
  return isProgram === true ? { kind: "program", command: filename } : { kind: "file", path: filename };
}
