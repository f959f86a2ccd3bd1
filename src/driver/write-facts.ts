import { z } from "zod";

const schema = z.object({
  kind: z.enum(["insert", "update", "delete", "merge", "execute"]),
  name: z.string(),
  schema: z.enum(["stripe", "v2"]).optional(),
  missingIsNoMatch: z.boolean(),
  answersHaveIds: z.boolean(),
  statementKey: z.string(),
});

/** What is kept of a write beside its calls: what it writes, what its answers mean, and the key that theirs are made of. */
export type WriteFacts = Readonly<z.infer<typeof schema>>;

/** Of the text that was kept, by this version of the program or another one. */
export function readWriteFacts(text: string): WriteFacts {
  return schema.parse(JSON.parse(text));
}
