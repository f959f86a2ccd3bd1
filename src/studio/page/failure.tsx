import type { StudioError } from "../messages.js";

/** What went wrong, and what is to be done. */
export function Failure({ error }: { readonly error: StudioError }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{error.message}</strong> <small>{error.sqlState}</small>
      </p>
      {error.detail !== undefined && <p class="detail">{error.detail}</p>}
      {error.hint !== undefined && <p class="hint">{error.hint}</p>}
    </div>
  );
}
