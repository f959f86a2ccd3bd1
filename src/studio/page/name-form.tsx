interface NameFormProps {
  /** What the name is of, to a screen reader. */
  readonly label: string;
  /** What the button says. */
  readonly action: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onSubmit: () => void;
}

/** A name, and what is done with it. */
export function NameForm({ label, action, name, onName, onSubmit }: NameFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <input
        placeholder="Name"
        aria-label={label}
        value={name}
        onInput={(event) => onName(event.currentTarget.value)}
      />
      <button type="submit" disabled={name === ""}>
        {action}
      </button>
    </form>
  );
}
