import { useEffect, useState } from "preact/hooks";
import type { ProcedureInput } from "../messages.js";
import { readInputs } from "./api.js";
import { Dialog } from "./dialog.js";

interface ProcedureFormProps {
  readonly name: string;
  readonly onClose: () => void;
  /** The EXEC that the form says; to be run at once, or only explained. */
  readonly onRun: (sql: string) => void;
}

/** A procedure's inputs as a form, which writes the statement. */
export function ProcedureForm({ name, onClose, onRun }: ProcedureFormProps) {
  const [known, setInputs] = useState<readonly ProcedureInput[]>();
  const inputs = known ?? [];
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => void readInputs(name).then(setInputs), [name]);
  const given = inputs.filter((input) => (values[input.name] ?? "") !== "");
  const sql =
    `EXEC ${name} ${given.map((input) => `${input.name} = ${literal(values[input.name] ?? "")}`).join(", ")}`.trim();
  const isWhole = known !== undefined && inputs.every((input) => !input.isRequired || given.includes(input));
  const run = (statement: string) => {
    onClose();
    onRun(statement);
  };
  return (
    <Dialog title={name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) run(sql);
        }}
      >
        <div class="inputs">
          {inputs.map((input) => (
            <Field
              key={input.name}
              input={input}
              value={values[input.name] ?? ""}
              onValue={(value) => setValues({ ...values, [input.name]: value })}
            />
          ))}
        </div>
        <pre class="statement">{sql}</pre>
        <div class="buttons">
          <button type="button" disabled={!isWhole} onClick={() => run(`EXPLAIN ${sql}`)}>
            Dry run
          </button>
          <button type="submit" class="primary" disabled={!isWhole}>
            Run
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly input: ProcedureInput;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Field({ input, value, onValue }: FieldProps) {
  const id = `input-${input.name}`;
  return (
    <div class="field">
      <label for={id} title={input.description}>
        {input.name}
        {input.isRequired ? " *" : ""} <small>{input.type.toLowerCase()}</small>
      </label>
      <input
        id={id}
        value={value}
        required={input.isRequired}
        list={input.values.length === 0 ? undefined : `${id}-values`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {input.values.length > 0 && (
        <datalist id={`${id}-values`}>
          {input.values.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </div>
  );
}

/** Every input takes a text: the driver makes a number or an object of it where the input is one. */
function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
