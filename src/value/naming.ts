/** `address.line1`, `payment_method_options` -> `AddressLine1`, `PaymentMethodOptions`. */
export function pascalCase(stripeName: string): string {
  return stripeName
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

/** `PaymentIntent`, `listLineItems` -> `payment_intent`, `list_line_items`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
