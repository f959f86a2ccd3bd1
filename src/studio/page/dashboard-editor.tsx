import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardFile, StudioError } from "../messages.js";
import { saveDashboard } from "./api.js";
import { Failure } from "./failure.js";

interface DashboardEditorProps {
  readonly name: string;
  readonly file: DashboardFile;
  readonly statement: string;
  readonly onSaved: () => Promise<void>;
  readonly onCancel: () => void;
}

/** The text of a dashboard's file. What is no dashboard is not saved, nor what would undo another's change. */
export function DashboardEditor({ name, file, statement, onSaved, onCancel }: DashboardEditorProps) {
  const [text, setText] = useState(file.version === undefined ? newText(name, statement) : file.text);
  const [error, setError] = useState<StudioError>();
  const [problem, setProblem] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const save = async () => {
    setError(undefined);
    setProblem("");
    try {
      const saved = await saveDashboard(name, text, file.version);
      setError(saved.error);
      if (saved.error === undefined) await onSaved();
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message : String(failure));
    }
  };
  return (
    <form
      class="dashboard-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {problem !== "" && <p role="alert">{problem}</p>}
      {error !== undefined && <Failure error={error} />}
      <textarea
        aria-label={`Text of ${name}.dashboard.yaml`}
        spellcheck={false}
        ref={area}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="bar">
        <button type="submit" class="primary">
          Save
        </button>
        <button type="button" onClick={() => setText(`${text.trimEnd()}\n${tileText("Another tile", statement)}`)}>
          Add the editor's statement
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function newText(name: string, statement: string): string {
  return `title: ${JSON.stringify(name)}\ncolumns: 2\ntiles:\n${tileText("First tile", statement)}`;
}

/** As a block, in which a statement may hold anything. */
function tileText(title: string, statement: string): string {
  const lines = (statement.trim() === "" ? "SELECT 1" : statement.trim()).split("\n").map((line) => `      ${line}`);
  return `  - title: ${title}\n    view: table\n    sql: |\n${lines.join("\n")}\n`;
}
