import { useEffect, useRef, useState } from "preact/hooks";
import type { ChartRequest } from "../../chart/chart-request.js";
import type { ChartPicture } from "../messages.js";
import type { PictureRequest } from "./api.js";
import { readChart } from "./api.js";
import { Failure } from "./failure.js";

interface ChartFigureProps {
  readonly result: string;
  readonly request: ChartRequest;
  /** In pixels; as wide as there is room. */
  readonly height: number;
  /** Told what is shown, to be saved as it is. */
  readonly onShown?: (request: PictureRequest) => void;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
/** A picture that is narrower cannot be read: it is made smaller. */
const leastWidth = 320;

/** A result's chart, which the server draws, with what it shows in words. */
export function ChartFigure({ result, request, height, onShown }: ChartFigureProps) {
  const place = useRef<HTMLElement>(null);
  const [picture, setPicture] = useState<ChartPicture>();
  const [problem, setProblem] = useState("");
  const width = useWidth(place);
  const theme = useTheme();
  const { kind, x, y, by } = request;
  useEffect(() => {
    if (width === undefined) return undefined;
    let isWanted = true;
    const asked = { kind, x, y, by, theme, width: Math.max(leastWidth, width), height };
    readChart(result, asked).then(
      (answer) => {
        if (!isWanted) return;
        setProblem("");
        setPicture(answer);
        onShown?.(asked);
      },
      (error: Error) => setProblem(error.message),
    );
    return () => {
      isWanted = false;
    };
  }, [result, kind, x, y, by, theme, width, height]);
  return (
    <figure class="chart" ref={place}>
      {problem !== "" && <p role="alert">{problem}</p>}
      {picture?.error !== undefined && <Failure error={picture.error} />}
      {picture?.svg !== undefined && (
        <>
          <img alt={picture.description} src={`data:image/svg+xml,${encodeURIComponent(picture.svg)}`} />
          {picture.notes.length > 0 && <figcaption>{picture.notes.join("; ")}</figcaption>}
        </>
      )}
    </figure>
  );
}

/** In steps, so that a picture is not drawn anew for every pixel. */
function useWidth(place: { readonly current: HTMLElement | null }): number | undefined {
  const [width, setWidth] = useState<number>();
  useEffect(() => {
    if (place.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const room = entry?.contentRect.width ?? 0;
      if (room > 0) setWidth(Math.max(100, Math.floor(room / 20) * 20));
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

function useTheme(): "light" | "dark" {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const follow = () => setDark(dark.matches);
    dark.addEventListener("change", follow);
    return () => dark.removeEventListener("change", follow);
  }, []);
  return isDark ? "dark" : "light";
}
