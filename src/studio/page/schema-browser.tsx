import { useEffect, useState } from "preact/hooks";
import type { SchemaColumn, SchemaTable, StudioSchema } from "../messages.js";
import { readColumns } from "./api.js";

interface SchemaBrowserProps {
  readonly schema: StudioSchema;
  /** A text to be put into the editor. */
  readonly onUse: (sql: string) => void;
  readonly onProcedure: (name: string) => void;
}

/** Tables with their columns, and procedures, those alone whose name holds what is typed. */
export function SchemaBrowser({ schema, onUse, onProcedure }: SchemaBrowserProps) {
  const [filter, setFilter] = useState("");
  const fits = (name: string) => name.toLowerCase().includes(filter.toLowerCase());
  const tables = schema.tables.filter(({ name }) => fits(name));
  const procedures = schema.procedures.filter(({ name }) => fits(name));
  return (
    <nav class="schema" aria-label="Schema">
      <input
        type="search"
        placeholder="Find a table or procedure"
        aria-label="Find a table or procedure"
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      <h2>Tables ({tables.length})</h2>
      <ul>
        {tables.map((table) => (
          <Table key={`${table.schema}.${table.name}`} table={table} onUse={onUse} />
        ))}
      </ul>
      <h2>Procedures ({procedures.length})</h2>
      <ul>
        {procedures.map(({ name, description, writes }) => (
          <li key={name}>
            <button type="button" class="name" title={description} onClick={() => onProcedure(name)}>
              {name}
              {writes ? "" : " (reads)"}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Table({ table, onUse }: { readonly table: SchemaTable; readonly onUse: (sql: string) => void }) {
  const [columns, setColumns] = useState<readonly SchemaColumn[]>();
  const [isOpen, setOpen] = useState(false);
  const name = table.schema === "stripe" ? table.name : `${table.schema}.${table.name}`;
  useEffect(() => {
    if (isOpen && columns === undefined) void readColumns(table.schema, table.name).then(setColumns);
  }, [isOpen]);
  return (
    <li>
      <button
        type="button"
        class="name"
        aria-expanded={isOpen}
        title={table.description}
        onClick={() => setOpen(!isOpen)}
      >
        {name}
      </button>
      {isOpen && (
        <>
          <button type="button" class="use" onClick={() => onUse(`SELECT * FROM ${name} LIMIT 100`)}>
            First 100 rows
          </button>
          <ul class="columns">
            {columns?.map((column) => (
              <li key={column.name} title={column.description}>
                <span class={column.isKey ? "key" : ""}>{column.name}</span> <small>{column.type.toLowerCase()}</small>
                {column.references !== undefined && <small class="reference"> → {column.references}</small>}
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}
