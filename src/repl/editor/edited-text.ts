import type { Completion } from "../completion.js";
import type { ReadOptions } from "../reader.js";
import { completed, nameColumns } from "./completed.js";
import type { Edit } from "./edit.js";
import { inserted, lineAbove, lineBelow, moved, nothing } from "./edit.js";
import { editKeys } from "./edit-keys.js";
import type { History } from "./history.js";
import { HistorySearch } from "./history-search.js";
import type { Key } from "./key.js";
import { keyName, textOf } from "./key.js";
import type { Screen } from "./screen.js";
import type { ScreenRows } from "./screen-rows.js";
import { screenRows } from "./screen-rows.js";
import { coloredParts } from "./token-color.js";

export interface EditedTextOptions extends ReadOptions {
  readonly history: History;
  readonly complete: (before: string, after: string) => Completion;
  readonly isColored: () => boolean;
  /** An answer is of one line, without colours and completion. */
  readonly kind: "text" | "answer";
}

/** What a key has come to. */
export type Pressed = "goes on" | "is entered" | "ends";

/** Rows of names that Tab shows at most. */
const listedRows = 12;

/** Prompts of lines beyond these are that of the last of them: finding one takes reading all before it. */
const promptedLines = 30;

const keptUndos = 200;

/** The text at the prompt, as keys change it, drawn on the screen. */
export class EditedText {
  #edit: Edit = nothing;
  #undo: Edit[] = [];
  #cut = "";
  #search: HistorySearch | undefined;

  constructor(
    private readonly screen: Screen,
    private readonly options: EditedTextOptions,
  ) {}

  get text(): string {
    return this.#edit.text;
  }

  press(key: Key): Pressed {
    const pressed = this.#search === undefined ? this.#pressInText(key) : this.#pressInSearch(key, this.#search);
    if (pressed === "goes on") this.draw();
    return pressed;
  }

  paste(text: string): void {
    this.#search = undefined;
    this.#change(inserted(this.#edit, text));
    this.draw();
  }

  draw(): void {
    this.screen.draw(this.#rows());
  }

  /** The text stays on the screen as it is; what follows is written below it, or behind it. */
  leave(isEntered: boolean): void {
    this.#search = undefined;
    if (isEntered) this.screen.leave(this.#rows());
    else this.screen.end(this.#rows());
  }

  #rows(): ScreenRows {
    const search = this.#search;
    const edit = search?.found ?? this.#edit;
    const isColored = this.options.kind === "text" && this.options.isColored();
    return screenRows(edit, {
      width: this.screen.width,
      prompts: search === undefined ? this.#prompts(edit.text) : [search.prompt],
      parts: isColored ? coloredParts(edit.text) : [{ start: 0, end: edit.text.length, color: undefined }],
    });
  }

  #prompts(text: string): readonly string[] {
    const lines = text.split("\n");
    const prompts: string[] = [];
    for (const index of lines.keys()) {
      const before = lines.slice(0, index).map((line) => `${line}\n`);
      prompts.push(index < promptedLines ? this.options.prompt(before.join("")) : (prompts.at(-1) ?? ""));
    }
    return prompts;
  }

  #pressInText(key: Key): Pressed {
    const name = keyName(key);
    const typed = textOf(key);
    if (typed !== undefined) this.#change(inserted(this.#edit, typed));
    else if (name === "return" || name === "enter") return this.#enter();
    else if (name === "ctrl-d" && this.text === "") return "ends";
    else if (editKeys[name] !== undefined) {
      const { edit, cut } = editKeys[name](this.#edit);
      this.#change(edit);
      this.#cut = cut ?? this.#cut;
    } else this.#otherKeys[name]?.();
    return "goes on";
  }

  readonly #otherKeys: Readonly<Record<string, () => void>> = {
    "meta-return": () => this.#breakLine(),
    "meta-enter": () => this.#breakLine(),
    "ctrl-y": () => this.#change(inserted(this.#edit, this.#cut)),
    up: () => this.#moveOr(lineAbove(this.#edit), () => this.options.history.older(this.text)),
    "ctrl-p": () => this.#recall(this.options.history.older(this.text)),
    down: () => this.#moveOr(lineBelow(this.#edit), () => this.options.history.newer()),
    "ctrl-n": () => this.#recall(this.options.history.newer()),
    "ctrl-r": () => {
      this.#search = new HistorySearch(this.options.history, this.#edit);
    },
    "ctrl-_": () => {
      this.#edit = this.#undo.pop() ?? this.#edit;
    },
    "ctrl-l": () => this.screen.clear(),
    tab: () => this.#complete(),
  };

  #breakLine(): void {
    if (this.options.kind === "text") this.#change(inserted(this.#edit, "\n"));
  }

  /** Ctrl-R, letters and Backspace go on with the search; any other key takes what was found, and does what it does. */
  #pressInSearch(key: Key, search: HistorySearch): Pressed {
    const name = keyName(key);
    const typed = textOf(key);
    if (typed !== undefined) search.type(typed);
    else if (name === "ctrl-r") search.older();
    else if (name === "backspace" || name === "ctrl-h") search.erase();
    else {
      this.#search = undefined;
      if (name === "ctrl-g" || name === "escape" || name === "meta-escape") return "goes on";
      this.#change(search.found);
      if (name !== "tab") return this.#pressInText(key);
    }
    return "goes on";
  }

  #enter(): Pressed {
    const { kind, isComplete } = this.options;
    if (kind === "text" && !isComplete(this.text)) {
      this.#change(inserted(this.#edit, "\n"));
      return "goes on";
    }
    this.#edit = moved(this.#edit, this.text.length);
    return "is entered";
  }

  #moveOr(place: number | undefined, recalled: () => string | undefined): void {
    if (place === undefined) this.#recall(recalled());
    else this.#change(moved(this.#edit, place));
  }

  #recall(entry: string | undefined): void {
    if (entry !== undefined) this.#change({ text: entry, cursor: entry.length });
  }

  #complete(): void {
    if (this.options.kind === "answer") return;
    const result = completed(this.#edit, this.options.complete);
    if (result.kind === "edit") this.#change(result.edit);
    if (result.kind !== "choices") return;
    this.screen.leave(this.#rows());
    this.screen.write(`${nameColumns(result.names, { width: this.screen.width, rows: listedRows })}\r\n`);
  }

  #change(edit: Edit): void {
    if (edit.text !== this.#edit.text) this.#undo = [...this.#undo.slice(-keptUndos), this.#edit];
    this.#edit = edit;
  }
}
