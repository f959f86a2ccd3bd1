import type { Prediction, RunProgress, RunSummary } from "../messages.js";

const count = (value: number, noun: string) => `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;

export function predictionText(prediction: Prediction | undefined): string {
  if (prediction === undefined) return "";
  if (prediction.requests === undefined) return "requests: not known yet";
  return `${prediction.isExact ? "" : "about "}${count(prediction.requests, "request")}`;
}

interface StatusLineProps {
  readonly stored: number;
  readonly progress: RunProgress | undefined;
  readonly summary: RunSummary | undefined;
}

/** How far a run is, or what it took. */
export function StatusLine({ stored, progress, summary }: StatusLineProps) {
  return (
    <output class="status" aria-live="polite">
      {summary === undefined ? progressText(stored, progress) : summaryText(summary)}
    </output>
  );
}

function summaryText({ command, rowCount, requests, elapsedMs }: RunSummary): string {
  return `${command}: ${count(rowCount, "row")}, ${count(requests, "request")}, ${(elapsedMs / 1000).toFixed(2)} s`;
}

function progressText(stored: number, progress: RunProgress | undefined): string {
  if (progress === undefined) return "Running…";
  const { requests, estimatedRequests, elapsedMs } = progress;
  const rate = elapsedMs === 0 ? 0 : (requests * 1000) / elapsedMs;
  const left = estimatedRequests === undefined || rate === 0 ? undefined : (estimatedRequests - requests) / rate;
  const of = estimatedRequests === undefined ? "" : ` of about ${estimatedRequests.toLocaleString("en")}`;
  const eta = left === undefined || left <= 0 ? "" : `, about ${Math.ceil(left)} s left`;
  return `${requests.toLocaleString("en")}${of} requests, ${count(stored, "row")}, ${rate.toFixed(1)} requests/s${eta}`;
}
