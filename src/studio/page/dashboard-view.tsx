import { useEffect, useRef, useState } from "preact/hooks";
import type { Dashboard, DashboardFile, DashboardTile } from "../messages.js";
import { predict, readDashboard } from "./api.js";
import { DashboardEditor } from "./dashboard-editor.js";
import { Failure } from "./failure.js";
import { ManyRequests, manyRequests } from "./many-requests.js";
import type { TileCost } from "./tile.js";
import { Tile } from "./tile.js";

interface DashboardViewProps {
  readonly name: string;
  /** The editor's statement, for a tile. */
  readonly statement: string;
  readonly onSaved: () => void;
  /** Back to the editor, with a text for it where one is given. */
  readonly onClose: (sql?: string) => void;
}

/** A dashboard: its tiles, or the text of its file. */
export function DashboardView({ name, statement, onSaved, onClose }: DashboardViewProps) {
  const [file, setFile] = useState<DashboardFile>();
  const [isEdited, setEdited] = useState(false);
  const [problem, setProblem] = useState("");
  const open = async () => {
    const found = await readDashboard(name);
    setFile(found);
    // A new one begins with its text, and a wrong one has to be mended.
    setEdited(found.dashboard === undefined);
  };
  useEffect(() => void open().catch((error: Error) => setProblem(error.message)), [name]);
  return (
    <section class="dashboard" aria-label={`Dashboard ${name}`}>
      <div class="bar">
        <h2>{file?.dashboard?.title ?? name}</h2>
        <button type="button" disabled={isEdited || file === undefined} onClick={() => setEdited(true)}>
          Edit
        </button>
        <button type="button" onClick={() => onClose()}>
          Back to the editor
        </button>
      </div>
      {problem !== "" && <p role="alert">{problem}</p>}
      {file?.version !== undefined && file.error !== undefined && <Failure error={file.error} />}
      {file !== undefined && isEdited && (
        <DashboardEditor
          key={file.version}
          {...{ name, file, statement }}
          onSaved={async () => {
            onSaved();
            await open();
          }}
          onCancel={() => (file.dashboard === undefined ? onClose() : setEdited(false))}
        />
      )}
      {file?.dashboard !== undefined && !isEdited && (
        <Tiles key={file.version} dashboard={file.dashboard} onOpen={onClose} />
      )}
    </section>
  );
}

interface TilesProps {
  readonly dashboard: Dashboard;
  readonly onOpen: (sql: string) => void;
}

function Tiles({ dashboard: { tiles, columns }, onOpen }: TilesProps) {
  const [costs, setCosts] = useState<readonly (TileCost | undefined)[]>([]);
  const [asked, setAsked] = useState<{ readonly places: readonly number[]; readonly requests: number }>();
  const starts = useRef(new Map<number, () => Promise<void>>());
  const all = tiles.map((_, place) => place);
  const findCosts = async () => {
    const found = await Promise.all(tiles.map(costOf));
    setCosts(found);
    return found;
  };
  useEffect(() => void findCosts(), []);
  const start = async (places: readonly number[]) => {
    for (const place of places) await starts.current.get(place)?.();
    await findCosts();
  };
  const run = async (places: readonly number[]) => {
    const found = await findCosts();
    const runnable = places.filter((place) => found[place]?.kind === "known");
    const requests = total(runnable.map((place) => found[place]));
    if (requests > manyRequests) setAsked({ places: runnable, requests });
    else await start(runnable);
  };
  return (
    <>
      <div class="bar">
        <button type="button" class="primary" onClick={() => void run(all)}>
          Run all
        </button>
        <span class="prediction">
          {costs.length === 0 ? "" : `about ${total(costs).toLocaleString("en")} requests`}
        </span>
      </div>
      <div class={`tiles columns-${columns}`}>
        {tiles.map((tile, place) => (
          <Tile
            key={`${place}`}
            tile={tile}
            cost={costs[place]}
            onReady={(begin) => starts.current.set(place, begin)}
            onRun={() => void run([place])}
            onOpen={onOpen}
          />
        ))}
      </div>
      {asked !== undefined && (
        <ManyRequests
          subject={asked.places.length === 1 ? "This tile takes" : "These tiles take"}
          requests={asked.requests}
          onAnswer={(isWanted) => {
            setAsked(undefined);
            if (isWanted) void start(asked.places);
          }}
        />
      )}
    </>
  );
}

/** Of those that are known. */
function total(costs: readonly (TileCost | undefined)[]): number {
  return costs.reduce((sum, cost) => sum + (cost?.kind === "known" ? (cost.prediction.requests ?? 0) : 0), 0);
}

async function costOf({ sql, problem = "" }: DashboardTile): Promise<TileCost> {
  if (sql === undefined) return { kind: "refused", reason: problem };
  try {
    const prediction = await predict(sql);
    if ("error" in prediction) return { kind: "refused", reason: prediction.error.message };
    if (!prediction.writes) return { kind: "known", prediction };
    return { kind: "refused", reason: "A tile only reads: this statement is not known to. Open it to run it." };
  } catch (error) {
    return { kind: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}
