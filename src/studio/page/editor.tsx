import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { SQLDialect, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "preact/hooks";
import { keywords } from "../../syntax/keywords.js";
import { complete } from "./api.js";

export interface EditorHandle {
  /** What is selected, else all of it. */
  text(): string;
  replace(text: string): void;
  focus(): void;
}

interface EditorProps {
  readonly initial: string;
  readonly onReady: (handle: EditorHandle) => void;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, class: "sql-keyword" },
  { tag: tags.string, class: "sql-string" },
  { tag: tags.number, class: "sql-number" },
  { tag: tags.comment, class: "sql-comment" },
]);

/** Words that are no names in this dialect; what is one in another, such as `name`, is a column here. */
const dialect = SQLDialect.define({
  keywords: keywords.join(" ").toLowerCase(),
  doubleDollarQuotedStrings: true,
  identifierQuotes: '"`',
});

const kinds: Readonly<Record<string, string>> = {
  table: "class",
  column: "property",
  value: "constant",
  input: "property",
};

/** The same candidates as at the REPL's prompt. */
async function candidates({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> {
  const before = state.sliceDoc(Math.max(0, pos - 1), pos);
  if (!explicit && !/[\w.'@"]/.test(before)) return null;
  const { from, candidates: found } = await complete(state.doc.toString(), pos);
  const options = found.map(({ text, kind, detail = "" }) => ({ label: text, type: kinds[kind] ?? kind, detail }));
  return options.length === 0 ? null : { from, options, validFor: /^[\w'"]*$/ };
}

/** The editor of SQL. Ctrl-Enter runs; Tab takes a candidate, or leaves the editor. */
export function Editor({ initial, onReady, onChange, onRun }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const run = useRef(onRun);
  run.current = onRun;
  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: initial, extensions: extensions(() => run.current(), onChange) }),
    });
    onReady(handleOf(view));
    view.focus();
    return () => view.destroy();
  }, []);
  return <div class="editor" ref={place} />;
}

function handleOf(view: EditorView): EditorHandle {
  return {
    text() {
      const { from, to } = view.state.selection.main;
      return from === to ? view.state.doc.toString() : view.state.sliceDoc(from, to);
    },
    replace: (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }),
    focus: () => view.focus(),
  };
}

/** Left to the browser, what is typed over a selection is styled in place, which the page's policy forbids. */
const typedOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== "insertText" || data === null || view.composing || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(data), { scrollIntoView: true, userEvent: "input.type" });
    event.preventDefault();
    return true;
  },
});

function extensions(onRun: () => void, onChange: (text: string) => void) {
  const runKey = {
    key: "Mod-Enter",
    run: () => {
      onRun();
      return true;
    },
  };
  const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
  return [
    EditorView.cspNonce.of(nonce),
    Prec.highest(keymap.of([runKey, { key: "Tab", run: acceptCompletion }])),
    ...[lineNumbers(), history(), bracketMatching(), closeBrackets(), highlightActiveLine()],
    sql({ dialect }),
    syntaxHighlighting(colours),
    autocompletion({ override: [candidates] }),
    keymap.of([...completionKeymap, ...historyKeymap, ...searchKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    typedOverSelection,
    EditorView.contentAttributes.of({ "aria-label": "SQL" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}
