import { Question } from "./question.js";

/** Requests above which a run is asked about first. */
export const manyRequests = 100;

interface ManyRequestsProps {
  /** What takes them, "This statement". */
  readonly subject: string;
  readonly requests: number;
  readonly onAnswer: (isWanted: boolean) => void;
}

/** Asks before a run that takes many requests. */
export function ManyRequests({ subject, requests, onAnswer }: ManyRequestsProps) {
  const text = `${subject} about ${requests.toLocaleString("en")} requests.`;
  return <Question title="Many requests" text={text} yes="Run it" onAnswer={onAnswer} />;
}
