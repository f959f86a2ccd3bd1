import { useEffect, useState } from "preact/hooks";
import { dashboardNames } from "./api.js";
import { NameForm } from "./name-form.js";

interface DashboardListProps {
  /** Grows with each dashboard that is saved. */
  readonly saved: number;
  readonly onOpen: (name: string) => void;
}

/** The folder's dashboards, and a new one by its name. */
export function DashboardList({ saved, onOpen }: DashboardListProps) {
  const [names, setNames] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    dashboardNames().then(setNames, (error: Error) => setProblem(error.message));
  }, [saved]);
  return (
    <section class="saved" aria-label="Dashboards">
      <h2>Dashboards</h2>
      <NameForm
        label="Name of a new dashboard"
        action="New"
        name={name}
        onName={setName}
        onSubmit={() => {
          onOpen(name);
          setName("");
        }}
      />
      {problem !== "" && <p role="alert">{problem}</p>}
      <ul>
        {names.map((one) => (
          <li key={one}>
            <button type="button" class="name" onClick={() => onOpen(one)}>
              {one}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
