import { useEffect, useRef, useState } from "preact/hooks";
import type { Prediction, StudioSchema } from "../messages.js";
import { predict, readSchema } from "./api.js";
import { DashboardList } from "./dashboard-list.js";
import { DashboardView } from "./dashboard-view.js";
import type { EditorHandle } from "./editor.js";
import { Editor } from "./editor.js";
import { ManyRequests, manyRequests } from "./many-requests.js";
import { ProcedureForm } from "./procedure-form.js";
import { Question } from "./question.js";
import { ResultView } from "./result-view.js";
import { SavedQueries } from "./saved-queries.js";
import { SchemaBrowser } from "./schema-browser.js";
import { predictionText, StatusLine } from "./status-line.js";
import { useRun } from "./use-run.js";

const firstText = "SELECT Id, Name, Email, Created FROM Customer ORDER BY Created DESC LIMIT 50";

/** The whole page. */
export function Studio() {
  const [schema, setSchema] = useState<StudioSchema>();
  const [problem, setProblem] = useState("");
  const [isSideOpen, setSideOpen] = useState(false);
  const [procedure, setProcedure] = useState<string>();
  const [costly, setCostly] = useState<{ readonly sql: string; readonly requests: number }>();
  const [text, setText] = useState(firstText);
  const [chosen, setChosen] = useState<string>();
  const [dashboard, setDashboard] = useState<string>();
  const [savedDashboards, setSavedDashboards] = useState(0);
  const editor = useRef<EditorHandle>(undefined);
  const { state, start, cancel, answer } = useRun();
  const prediction = usePrediction(text);

  useEffect(() => {
    readSchema().then(setSchema, (error: Error) => setProblem(error.message));
  }, []);

  const run = async (sql = editor.current?.text() ?? "") => {
    setDashboard(undefined);
    setChosen(undefined);
    setCostly(undefined);
    const cost = await predict(sql).catch(() => undefined);
    const requests = cost !== undefined && !("error" in cost) ? cost.requests : undefined;
    if (requests !== undefined && requests > manyRequests) setCostly({ sql, requests });
    else await start(sql);
  };
  const use = (sql: string) => {
    setDashboard(undefined);
    editor.current?.replace(sql);
    setSideOpen(false);
    // The editor may have been hidden until now.
    requestAnimationFrame(() => editor.current?.focus());
  };
  const shown = state.results.find(({ id }) => id === chosen) ?? state.results.at(-1);

  return (
    <div class="studio">
      <header class="bar">
        <button type="button" class="menu" aria-expanded={isSideOpen} onClick={() => setSideOpen(!isSideOpen)}>
          Schema
        </button>
        <h1>stripe-sql studio</h1>
        {schema !== undefined && (
          <span class={`mode ${schema.mode}`}>
            {schema.mode === "live" ? "LIVE" : schema.mode}
            {schema.isReadOnly ? ", read-only" : ""}
          </span>
        )}
      </header>
      <aside class={isSideOpen ? "side open" : "side"}>
        <SavedQueries text={() => editor.current?.text() ?? ""} onOpen={use} />
        <DashboardList
          saved={savedDashboards}
          onOpen={(name) => {
            setDashboard(name);
            setSideOpen(false);
          }}
        />
        {schema !== undefined && <SchemaBrowser schema={schema} onUse={use} onProcedure={setProcedure} />}
      </aside>
      {dashboard !== undefined && (
        <main>
          <DashboardView
            key={dashboard}
            name={dashboard}
            statement={text}
            onSaved={() => setSavedDashboards((saved) => saved + 1)}
            onClose={(sql) => (sql === undefined ? setDashboard(undefined) : use(sql))}
          />
        </main>
      )}
      <main hidden={dashboard !== undefined}>
        {problem !== "" && <p role="alert">{problem}</p>}
        <Editor
          initial={firstText}
          onReady={(handle) => {
            editor.current = handle;
          }}
          onChange={setText}
          onRun={() => void run()}
        />
        <div class="bar">
          <button type="button" class="primary" disabled={state.isRunning} onClick={() => void run()}>
            Run <kbd>Ctrl ⏎</kbd>
          </button>
          <button type="button" disabled={!state.isRunning} onClick={cancel}>
            Cancel
          </button>
          <span class="prediction">{predictionText(prediction)}</span>
          {shown !== undefined && <StatusLine {...shown} />}
        </div>
        <ResultView state={state} shown={shown} onChoose={setChosen} />
      </main>
      {procedure !== undefined && (
        <ProcedureForm name={procedure} onClose={() => setProcedure(undefined)} onRun={(sql) => void run(sql)} />
      )}
      {costly !== undefined && (
        <ManyRequests
          subject="This statement takes"
          requests={costly.requests}
          onAnswer={(isWanted) => {
            setCostly(undefined);
            if (isWanted) void start(costly.sql);
          }}
        />
      )}
      {state.question !== undefined && (
        <Question
          title={state.question.live ? "Write to the LIVE account" : "Write"}
          text={`${state.question.command}: objects to be written: ${state.question.objects.toLocaleString("en")}`}
          yes="Write"
          onAnswer={answer}
        />
      )}
    </div>
  );
}

/** What the text would take, once nothing has been typed for a moment. */
function usePrediction(text: string): Prediction | undefined {
  const [prediction, setPrediction] = useState<Prediction>();
  useEffect(() => {
    setPrediction(undefined);
    const timer = setTimeout(() => {
      predict(text).then(
        (answer) => setPrediction("error" in answer ? undefined : answer),
        () => setPrediction(undefined),
      );
    }, 400);
    return () => clearTimeout(timer);
  }, [text]);
  return prediction;
}
