import { useRef, useState } from "preact/hooks";
import type { ChartKind, ChartRequest } from "../../chart/chart-request.js";
import type { StudioColumn } from "../messages.js";
import type { PictureRequest } from "./api.js";
import { savePicture } from "./api.js";
import { ChartFigure } from "./chart-figure.js";
import { saveFile } from "./save-file.js";

interface ChartViewProps {
  readonly result: string;
  readonly columns: readonly StudioColumn[];
}

const kinds: Readonly<Record<ChartKind, string>> = {
  bar: "Bars",
  line: "Lines",
  area: "Areas",
  hist: "Histogram",
  heat: "Heat map",
};

/** A result as a chart: its kind and columns to choose, and files of it. */
export function ChartView({ result, columns }: ChartViewProps) {
  const [request, setRequest] = useState<ChartRequest>({});
  const [problem, setProblem] = useState("");
  const shown = useRef<PictureRequest>(undefined);
  const names = columns.map(({ key }) => ({ value: key, text: key }));
  const save = async (format: "svg" | "png") => {
    if (shown.current === undefined) return;
    setProblem("");
    await savePicture(result, shown.current, format).then(saveFile, (error: Error) => setProblem(error.message));
  };
  return (
    <div class="chart-view">
      <div class="bar">
        <Choice
          label="Chart"
          options={Object.entries(kinds).map(([value, text]) => ({ value, text }))}
          onChoose={(kind) => setRequest({ ...request, kind: kind as ChartKind | undefined })}
        />
        <Choice label="X" options={names} onChoose={(x) => setRequest({ ...request, x })} />
        <Choice label="Y" options={names} onChoose={(y) => setRequest({ ...request, y })} />
        <Choice label="By" options={names} onChoose={(by) => setRequest({ ...request, by })} />
        <button type="button" onClick={() => void save("svg")}>
          Save SVG
        </button>
        <button type="button" onClick={() => void save("png")}>
          Save PNG
        </button>
        {problem !== "" && <span role="alert">{problem}</span>}
      </div>
      <ChartFigure
        result={result}
        request={request}
        height={360}
        onShown={(asked) => {
          shown.current = asked;
        }}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  /** Undefined leaves it to the columns. */
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, options, onChoose }: ChoiceProps) {
  const id = `choice-${label}`;
  return (
    <span class="choice">
      <label for={id}>{label}</label>
      <select id={id} onChange={(event) => onChoose(event.currentTarget.value || undefined)}>
        <option value="">auto</option>
        {options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}
