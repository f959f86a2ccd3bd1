import type { UnsettledCall } from "./unsettled-write.js";

/** What is to be done with a call that was left open. */
export type Decision =
  | {
      readonly kind: "send";
      readonly unsettled: UnsettledCall;
      /** It is proven that it was not carried out before. */
      readonly isUndone?: true;
    }
  /** What became of it is known: it was carried out, or it was not and cannot be sent. */
  | {
      readonly kind: "settled";
      readonly unsettled: UnsettledCall;
      readonly state: "written" | "failed";
      readonly id: string | undefined;
      readonly message: string;
    }
  /** Nothing tells whether it was carried out: that is for people to find out. */
  | { readonly kind: "undecided"; readonly unsettled: UnsettledCall; readonly message: string };
