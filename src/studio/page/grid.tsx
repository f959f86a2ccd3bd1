import { useEffect, useRef, useState } from "preact/hooks";
import type { StudioColumn } from "../messages.js";
import { readRows } from "./api.js";

interface GridProps {
  readonly result: string;
  readonly columns: readonly StudioColumn[];
  /** Rows that can be asked for. */
  readonly stored: number;
  /** What the region is called; default "Rows". */
  readonly label?: string;
}

type TextRow = readonly (string | null)[];

const rowHeight = 24;
/** Rows asked for at once, and of which so many pieces are kept: what is scrolled past is asked for again. */
const rowsInPiece = 200;
const mostPieces = 10;
/** No browser has an element that is higher: of longer results a step of the scroll bar is several rows. */
const mostHeight = 15_000_000;

const numeric = /^(?:BIGINT|INTEGER|DOUBLE|HUGEINT|DECIMAL|FLOAT|SMALLINT|TINYINT|U\w*INT)/;

/** Pieces of a result's rows, of which only those around the view are held. */
class Pieces {
  readonly #pieces = new Map<number, readonly TextRow[]>();
  readonly #asked = new Set<number>();

  constructor(
    private readonly result: string,
    private readonly onRows: () => void,
  ) {}

  row(index: number): TextRow | undefined {
    return this.#pieces.get(Math.floor(index / rowsInPiece))?.[index % rowsInPiece];
  }

  /** Asks for what of the rows is missing, or was short when it was asked for. */
  want(from: number, to: number, stored: number): void {
    for (let piece = Math.floor(from / rowsInPiece); piece * rowsInPiece < to; piece += 1) {
      const known = this.#pieces.get(piece)?.length ?? 0;
      const wanted = Math.min(rowsInPiece, stored - piece * rowsInPiece);
      if (known < wanted && !this.#asked.has(piece)) void this.#ask(piece);
    }
  }

  async #ask(piece: number): Promise<void> {
    this.#asked.add(piece);
    try {
      const { rows } = await readRows(this.result, piece * rowsInPiece, rowsInPiece);
      this.#pieces.delete(piece);
      this.#pieces.set(piece, rows);
      for (const oldest of this.#pieces.keys()) {
        if (this.#pieces.size <= mostPieces) break;
        this.#pieces.delete(oldest);
      }
      this.onRows();
    } finally {
      this.#asked.delete(piece);
    }
  }
}

/** A result's rows, as far as they are in sight. */
export function Grid({ result, columns, stored, label = "Rows" }: GridProps) {
  const view = useRef<HTMLDivElement>(null);
  const [, setDrawn] = useState(0);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const pieces = useRef<Pieces>(undefined);
  const redraw = () => setDrawn((drawn) => drawn + 1);
  useEffect(() => {
    pieces.current = new Pieces(result, redraw);
    setTop(0);
    if (view.current !== null) view.current.scrollTop = 0;
    redraw();
  }, [result]);
  useEffect(() => {
    if (view.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 400));
    observer.observe(view.current);
    return () => observer.disconnect();
  }, []);

  const shown = Math.max(1, Math.ceil(height / rowHeight));
  const whole = stored * rowHeight;
  const scale = whole > mostHeight ? (whole - height) / (mostHeight - height) : 1;
  const first = Math.max(0, Math.min(Math.floor((top * scale) / rowHeight), stored - shown + 2));
  const last = Math.min(stored, first + shown + 1);
  useEffect(() => pieces.current?.want(first, last, stored), [first, last, stored, result]);

  return (
    <section
      class="grid"
      aria-label={label}
      // A region that scrolls has to be reached by keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      ref={view}
      onScroll={() => setTop(view.current?.scrollTop ?? 0)}
    >
      <div class="grid-space" style={{ height: `${Math.min(whole, mostHeight) + rowHeight}px` }}>
        <table
          class="grid-rows"
          aria-rowcount={stored + 1}
          style={{ top: `${scale === 1 ? first * rowHeight : top}px` }}
        >
          <thead>
            <tr>
              <th class="row-number" aria-label="Row" />
              {columns.map(({ name, type }, index) => (
                <th key={`${index}`} scope="col" title={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset).map((index) => (
              <tr key={index} aria-rowindex={index + 2}>
                <td class="row-number">{index + 1}</td>
                {columns.map(({ type }, column) => (
                  <Cell key={`${column}`} value={pieces.current?.row(index)?.[column]} isNumber={numeric.test(type)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ value, isNumber }: { readonly value: string | null | undefined; readonly isNumber: boolean }) {
  if (value === undefined) return <td class="pending">…</td>;
  if (value === null) return <td class="null">NULL</td>;
  return (
    <td class={isNumber ? "number" : ""} title={value.length > 40 ? value : undefined}>
      {value.slice(0, 500)}
    </td>
  );
}
