import { z } from "zod";

const errorInfo = z
  .looseObject({
    "@type": z.string().meta({ example: "type.googleapis.com/google.rpc.ErrorInfo" }),
    reason: z.string().optional().meta({ description: "For programs, of ErrorInfo.", example: "CARD_DECLINED" }),
    domain: z.string().optional().meta({ description: "Of ErrorInfo.", example: "stripe-sql" }),
    metadata: z
      .record(z.string(), z.string())
      .optional()
      .meta({
        description:
          "Of ErrorInfo. What is known of: sqlState, phase, detail, hint, position (offset in the conditions or the query), " +
          "retryable, inDoubt (a write may have happened all the same), idempotencyKey (the one it was sent under), stripeType, stripeCode, declineCode, param, requestId, stripeStatus.",
      }),
  })
  .meta({ description: "ErrorInfo comes first; BadRequest and RetryInfo may follow." });

/** Source: https://google.aip.dev/193 */
export const rpcErrorBody = z
  .strictObject({
    error: z.strictObject({
      code: z.int().meta({ description: "The HTTP status." }),
      status: z.string().meta({ description: "A name of google.rpc.Code." }),
      message: z.string(),
      details: z.array(errorInfo),
    }),
  })
  .meta({
    id: "Error",
    description: "A google.rpc.Status.",
    examples: [
      {
        error: {
          code: 400,
          status: "FAILED_PRECONDITION",
          message: "Your card was declined.",
          details: [
            {
              "@type": "type.googleapis.com/google.rpc.ErrorInfo",
              reason: "CARD_DECLINED",
              domain: "stripe-sql",
              metadata: {
                sqlState: "58030",
                phase: "stripe",
                stripeType: "card_error",
                stripeCode: "card_declined",
                declineCode: "insufficient_funds",
                requestId: "req_1",
              },
            },
          ],
        },
      },
    ],
  });

export type RpcErrorBody = z.output<typeof rpcErrorBody>;
