import type { Catalog, Column, Parameter, Procedure } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import { documentedActions, resultShape } from "./action-results.js";
import type { Action, InputParameter, ListActionsOutput, ResultMetadata } from "./connector.js";
import { dataTypeOf, valueSchema } from "./data-type.js";
import { actionProcedure } from "./execute-action.js";
import type { CheckedPage } from "./input-schemas.js";
import { pageOfNames } from "./page-of-names.js";

/** The connector's nine come first, then every other call of Stripe's by name. */
export function listActions(page: CheckedPage, catalog: Catalog): ListActionsOutput {
  const { names, nextPageToken } = pageOfNames(actionNames(catalog), page, "actions");
  return { actions: names.map((action) => getAction({ action }, catalog)), nextPageToken };
}

/** Those whose result is a file have no place among them. */
export function actionNames(catalog: Catalog): readonly string[] {
  const first = new Set(documentedActions);
  const others = catalog.procedures().filter(({ name, result }) => !first.has(name) && result.kind !== "stream");
  return [...documentedActions, ...others.map(({ name }) => name).sort()];
}

export function getAction({ action }: { readonly action: string }, catalog: Catalog): Action {
  const procedure = actionProcedure(action, catalog);
  const results = resultMetadata(procedure, catalog);
  return {
    name: procedure.name,
    displayName: procedure.name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2"),
    description: procedure.description,
    inputParameters: procedure.parameters.map(inputParameter),
    resultMetadata: results,
    inputJsonSchema: inputSchema(procedure),
    resultJsonSchema: {
      type: ["array"],
      items: {
        type: ["object"],
        properties: Object.fromEntries(results.map(({ name, jsonSchema }) => [name, jsonSchema])),
      },
    },
  };
}

function inputParameter(parameter: Parameter): InputParameter {
  const { name, description } = parameter;
  return {
    name,
    dataType: dataTypeOf(parameter),
    nullable: !isRequired(parameter),
    description,
    defaultValue: null,
    jsonSchema: inputValueSchema(parameter),
  };
}

/** A part of a structure is required where the structure is given, which none has to be. */
const isRequired = ({ required, path }: Parameter): boolean => required && path.length === 1;

const inputValueSchema = (parameter: Parameter): JsonObject =>
  valueSchema({ ...parameter, nullable: !isRequired(parameter) });

export function inputSchema({ parameters }: Pick<Procedure, "parameters">): JsonObject {
  const required = parameters.filter(isRequired);
  return {
    type: ["object"],
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, inputValueSchema(parameter)])),
    ...(required.length === 0 ? {} : { required: required.map(({ name }) => name) }),
  };
}

/** Every value of a result is a text or null, whatever it is at Stripe. */
function resultMetadata(procedure: Procedure, catalog: Catalog): readonly ResultMetadata[] {
  const { givesObject, names = [], more } = resultShape(procedure.name);
  const columns = givesObject ? resultColumns(procedure, catalog) : [];
  const described = new Map(columns.map(({ path, description }) => [path.join("."), description]));
  const extra = more === undefined ? [] : Object.keys(more({}));
  // A structure that is null is one name; its parts are those of one that is not.
  const ofObject = columns.flatMap(({ path }) => path.map((_, index) => path.slice(0, index + 1).join(".")));
  const all = [...(givesObject ? [] : extra), "Success", ...names, ...ofObject];
  return [...new Set(all)].map((name) => ({
    name,
    dataType: "VARCHAR",
    description: described.get(name) ?? "",
    jsonSchema: { type: ["string", "null"], jdbcType: "VARCHAR" },
  }));
}

function resultColumns({ result }: Procedure, catalog: Catalog): readonly Column[] {
  const columns =
    result.kind === "table"
      ? (catalog.findTable(result.table, result.schema)?.table.columns ?? [])
      : result.kind === "stream"
        ? []
        : result.columns;
  return columns.filter(({ hidden, parentKey, path }) => !hidden && !parentKey && path.length > 0);
}
