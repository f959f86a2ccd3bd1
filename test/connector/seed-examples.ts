import type { Connector, ConnectorMethod, EntityFields } from "../../src/connector/connector.js";

/** Whoever makes the calls of an example: a connector, or another way to the same calls. */
export type SeedCaller = Pick<
  Connector,
  "listEntities" | "getEntity" | "createEntity" | "updateEntity" | "deleteEntity" | "executeAction"
>;

export type SeedMethod = Extract<ConnectorMethod, keyof SeedCaller>;

/** One call, as data. */
export type SeedCall = {
  readonly [Method in SeedMethod]: { readonly method: Method; readonly input: Parameters<SeedCaller[Method]>[0] };
}[SeedMethod];

/** An example of the connector's page: a request, and the shape of its answer. */
export interface SeedExample {
  readonly name: string;
  /** Makes the objects that the example needs, by the connector's own calls, and gives the call that it shows. */
  readonly setup: (caller: SeedCaller) => Promise<SeedCall>;
  /** Where the answer's payload is one flat object: the names in the page's sample. */
  readonly keys?: readonly string[];
  /** True where these are all names that the answer has. */
  readonly areAllKeys?: true;
  /** Values that the page's sample has, and every run of it must. */
  readonly values?: Readonly<Record<string, string | null>>;
  /** Where the answer is another: what it is for the call. */
  readonly answer?: (call: SeedCall) => unknown;
}

/** Makes a call by its name. */
export function callSeed(caller: SeedCaller, { method, input }: SeedCall): Promise<unknown> {
  // The input is the method's own: they come as a pair.
  return (caller[method] as (input: unknown) => Promise<unknown>)(input);
}

const action = (name: string, connectorInputPayload: EntityFields): SeedCall => ({
  method: "executeAction",
  input: { action: name, connectorInputPayload },
});

async function create(caller: SeedCaller, entity: string, connectorInputPayload: EntityFields): Promise<string> {
  const { connectorOutputPayload } = await caller.createEntity({ entity, connectorInputPayload });
  return String(connectorOutputPayload["Id"]);
}

const createCustomer = (caller: SeedCaller) =>
  create(caller, "Customer", { Name: "Jenny Rosen", Email: "jenny@example.com" });

const createPaymentMethod = (caller: SeedCaller) =>
  create(caller, "PaymentMethod", { Type: "card", Card: { token: "tok_visa" } });

async function createPaymentIntent(caller: SeedCaller, fields: EntityFields): Promise<string> {
  return create(caller, "PaymentIntent", {
    Amount: 33000.0,
    Currency: "usd",
    PaymentMethod: await createPaymentMethod(caller),
    ...fields,
  });
}

/** Authorised, not captured. */
async function createHeldPayment(caller: SeedCaller): Promise<string> {
  const Customer = await createCustomer(caller);
  return createPaymentIntent(caller, {
    Customer,
    CaptureMethod: "manual",
    Confirm: true,
    ReturnUrl: "http://google.com/",
  });
}

async function createQuote(caller: SeedCaller): Promise<string> {
  const Product = await create(caller, "Product", { Name: "Consulting" });
  const price = await create(caller, "Price", { Product, Currency: "usd", UnitAmount: 5000 });
  return create(caller, "Quote", { Customer: await createCustomer(caller), LineItems: [{ price, quantity: 2 }] });
}

const paymentIntentKeys = (names: string): readonly string[] =>
  `Success id object amount amount_capturable amount_received canceled_at cancellation_reason capture_method
   client_secret confirmation_method created currency invoice last_payment_error latest_charge level3 livemode
   next_action on_behalf_of payment_method payment_method_configuration_details review status transfer_data
   transfer_group ${names}`.split(/\s+/);

/** Source: https://cloud.google.com/integration-connectors/docs/connectors/stripe/configure#action-examples */
export const actionExamples: readonly SeedExample[] = [
  {
    name: "Confirm a payment intent",
    setup: async (caller) =>
      action("ConfirmPaymentIntent", {
        ReturnUrl: "http://google.com/",
        PaymentIntentId: await createPaymentIntent(caller, { CaptureMethod: "automatic" }),
      }),
    keys: paymentIntentKeys("payment_method_options.card.installments setup_future_usage statement_descriptor_suffix"),
    values: {
      Success: "true",
      object: "payment_intent",
      amount: "33000",
      amount_capturable: "0",
      amount_received: "33000",
      canceled_at: null,
      capture_method: "automatic",
      currency: "usd",
      invoice: null,
      level3: null,
      livemode: "false",
      next_action: null,
      "payment_method_options.card.installments": null,
      status: "succeeded",
    },
  },
  {
    name: "Capture a payment intent",
    setup: async (caller) => action("CapturePaymentIntent", { PaymentIntentId: await createHeldPayment(caller) }),
    keys: paymentIntentKeys(
      `customer description payment_method_options.card.installments payment_method_types processing receipt_email
       statement_descriptor_suffix`,
    ),
    values: {
      Success: "true",
      object: "payment_intent",
      amount: "33000",
      amount_capturable: "0",
      amount_received: "33000",
      canceled_at: null,
      capture_method: "manual",
      status: "succeeded",
    },
  },
  {
    name: "Cancel a payment intent",
    setup: async (caller) => action("CancelPaymentIntent", { PaymentIntentId: await createHeldPayment(caller) }),
    keys: paymentIntentKeys("customer description receipt_email setup_future_usage shipping"),
    values: {
      Success: "true",
      object: "payment_intent",
      amount: "33000",
      amount_capturable: "0",
      amount_received: "0",
      cancellation_reason: null,
      capture_method: "manual",
      status: "canceled",
    },
  },
  {
    name: "Attach a payment method to a customer",
    setup: async (caller) =>
      action("AttachPaymentMethodToCustomer", {
        PaymentMethodId: await createPaymentMethod(caller),
        CustomerId: await createCustomer(caller),
      }),
    keys: ["Success"],
    areAllKeys: true,
    values: { Success: "true" },
  },
  {
    name: "Detach a payment method from a customer",
    setup: async (caller) => {
      const PaymentMethodId = await createPaymentMethod(caller);
      const CustomerId = await createCustomer(caller);
      await callSeed(caller, action("AttachPaymentMethodToCustomer", { PaymentMethodId, CustomerId }));
      return action("DetachPaymentMethodFromCustomer", { PaymentMethodId });
    },
    keys: ["Success"],
    areAllKeys: true,
    values: { Success: "true" },
  },
  {
    name: "Finalize an invoice",
    setup: async (caller) =>
      action("FinalizeInvoice", {
        InvoiceId: await create(caller, "Invoice", { Customer: await createCustomer(caller), Currency: "usd" }),
      }),
    keys: `Success id object account_country account_name billing_reason charge collection_method created currency
      discounts due_date effective_at ending_balance footer lines.data lines.has_more lines.total_count livemode
      next_payment_attempt number on_behalf_of paid paid_out_of_band payment_intent`.split(/\s+/),
    values: {
      Success: "true",
      object: "invoice",
      billing_reason: "manual",
      charge: null,
      collection_method: "charge_automatically",
      currency: "usd",
      discounts: null,
      due_date: null,
      ending_balance: "0",
      "lines.data": null,
      "lines.has_more": "false",
      "lines.total_count": "0",
      livemode: "false",
      paid: "true",
      payment_intent: null,
    },
  },
  {
    name: "Finalize a quote",
    setup: async (caller) => action("FinalizeQuote", { QuoteId: await createQuote(caller) }),
    keys: ["Success"],
    areAllKeys: true,
    values: { Success: "true" },
  },
  {
    name: "Accept a quote",
    setup: async (caller) => {
      const QuoteId = await createQuote(caller);
      await callSeed(caller, action("FinalizeQuote", { QuoteId }));
      return action("AcceptQuote", { QuoteId });
    },
    keys: ["InvoiceId", "Success"],
    areAllKeys: true,
    values: { Success: "true" },
  },
  {
    name: "Cancel a quote",
    setup: async (caller) => action("CancelQuote", { QuoteId: await createQuote(caller) }),
    keys: ["Success"],
    areAllKeys: true,
    values: { Success: "true" },
  },
];

/** Source: https://cloud.google.com/integration-connectors/docs/connectors/stripe/configure#entity-operation-examples */
export const operationExamples: readonly SeedExample[] = [
  {
    name: "List all the customers",
    setup: async (caller) => {
      await createCustomer(caller);
      return { method: "listEntities", input: { entity: "Customer" } };
    },
  },
  {
    name: "Get a customer record",
    setup: async (caller) => ({
      method: "getEntity",
      input: { entity: "Customer", entityId: await createCustomer(caller) },
    }),
  },
  {
    name: "Create a payment intent",
    setup: async (caller) => ({
      method: "createEntity",
      input: {
        entity: "PaymentIntent",
        connectorInputPayload: { PaymentMethod: await createPaymentMethod(caller), Currency: "usd", Amount: 1500.0 },
      },
    }),
  },
  {
    name: "Update a customer record",
    setup: async (caller) => ({
      method: "updateEntity",
      input: {
        entity: "Customer",
        connectorInputPayload: { Name: "John" },
        entityId: await createCustomer(caller),
      },
    }),
    answer: (call) => ({ connectorOutputPayload: { Id: entityIdOf(call) } }),
  },
  {
    name: "Delete a customer record",
    setup: async (caller) => ({
      method: "deleteEntity",
      input: { entity: "Customer", entityId: await createCustomer(caller) },
    }),
    answer: () => ({}),
  },
];

/** The id that a call names. */
export function entityIdOf({ input }: SeedCall): string | undefined {
  return "entityId" in input ? input.entityId : undefined;
}
