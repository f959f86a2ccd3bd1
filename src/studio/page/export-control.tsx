import { useState } from "preact/hooks";
import { outputFormats } from "../../output/output-format.js";
import { describeResult, exportRows } from "./api.js";
import { Question } from "./question.js";
import { saveFile } from "./save-file.js";

interface ExportControlProps {
  readonly result: string;
  /** A result that still runs is not exported. */
  readonly isRunning: boolean;
}

/** Saves a result's rows as a file. Where they are not all, it says so and asks. */
export function ExportControl({ result, isRunning }: ExportControlProps) {
  const [format, setFormat] = useState<string>("csv");
  const [isExporting, setExporting] = useState(false);
  const [missing, setMissing] = useState<string>();
  const [problem, setProblem] = useState("");
  const [notes, setNotes] = useState<readonly string[]>([]);
  const run = async (partial: boolean) => {
    setProblem("");
    setNotes([]);
    setExporting(true);
    try {
      const description = await describeResult(result);
      if (description.missing !== undefined && !partial) setMissing(description.missing);
      else {
        saveFile(await exportRows(result, format, partial));
        setNotes((await describeResult(result)).notes);
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setExporting(false);
    }
  };
  return (
    <span class="export">
      <select
        aria-label="Format of the export"
        value={format}
        onChange={(event) => setFormat(event.currentTarget.value)}
      >
        {outputFormats.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <button type="button" disabled={isRunning || isExporting} onClick={() => void run(false)}>
        {isExporting ? "Exporting…" : "Export"}
      </button>
      {notes.length > 0 && <output class="hint">{notes.join("; ")}</output>}
      {problem !== "" && <span role="alert">{problem}</span>}
      {missing !== undefined && (
        <Question
          title="Not all rows"
          text={`${capitalized(missing)}.`}
          yes="Export these rows"
          onAnswer={(isWanted) => {
            setMissing(undefined);
            if (isWanted) void run(true);
          }}
        />
      )}
    </span>
  );
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
