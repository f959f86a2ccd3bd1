import { useRef } from "preact/hooks";
import { Dialog } from "./dialog.js";

interface QuestionProps {
  readonly title: string;
  readonly text: string;
  /** What the button says that answers yes; closing the dialog is no. */
  readonly yes: string;
  readonly onAnswer: (isWanted: boolean) => void;
}

/** A question before something is done; it is answered once. */
export function Question({ title, text, yes, onAnswer }: QuestionProps) {
  const isAnswered = useRef(false);
  const answer = (isWanted: boolean) => {
    if (!isAnswered.current) onAnswer(isWanted);
    isAnswered.current = true;
  };
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <p>{text}</p>
      <button type="button" class="primary" onClick={() => answer(true)}>
        {yes}
      </button>
    </Dialog>
  );
}
