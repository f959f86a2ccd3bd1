import { useEffect, useState } from "preact/hooks";
import { queryNames, readQuery, removeQuery, saveQuery } from "./api.js";
import { NameForm } from "./name-form.js";

interface SavedQueriesProps {
  /** What is to be saved. */
  readonly text: () => string;
  readonly onOpen: (sql: string) => void;
}

/** The queries of the folder, to be opened, saved and removed. */
export function SavedQueries({ text, onOpen }: SavedQueriesProps) {
  const [names, setNames] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const refresh = () => queryNames().then(setNames);
  useEffect(() => void refresh(), []);
  const attempt = async (action: () => Promise<unknown>) => {
    setProblem("");
    await action().catch((error: Error) => setProblem(error.message));
    await refresh();
  };
  return (
    <section class="saved" aria-label="Saved queries">
      <h2>Saved queries</h2>
      <NameForm
        label="Name of the query"
        action="Save"
        name={name}
        onName={setName}
        onSubmit={() => void attempt(() => saveQuery(name, text()))}
      />
      {problem !== "" && <p role="alert">{problem}</p>}
      <ul>
        {names.map((one) => (
          <li key={one}>
            <button
              type="button"
              class="name"
              onClick={() => {
                setName(one);
                void attempt(async () => onOpen((await readQuery(one)).sql));
              }}
            >
              {one}
            </button>
            <button type="button" aria-label={`Remove ${one}`} onClick={() => void attempt(() => removeQuery(one))}>
              ✕
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
