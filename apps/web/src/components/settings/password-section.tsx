import { type SubmitEvent, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import { deviceId } from '../../person.ts';

/** A new password. Every other device is logged out. */
export function PasswordSection() {
  const { api } = useMessenger();
  const { busy, error, run } = useAction();
  const [saved, setSaved] = useState(false);
  const { changePassword: words } = texts;

  async function save(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const { currentTarget: form } = event;
    const fields = new FormData(form);
    setSaved(false);
    const isDone = await run(() =>
      api.changePassword(String(fields.get('current')), String(fields.get('next')), deviceId()),
    );
    if (!isDone) return;
    setSaved(true);
    form.reset();
  }
  return (
    <form onSubmit={(event) => void save(event)}>
      <Field label={words.current} name="current" autoComplete="current-password" minLength={1} />
      <Field label={words.next} name="next" autoComplete="new-password" minLength={8} />
      <p className="quiet small">{words.hint}</p>
      <button type="submit" className="button" disabled={busy} data-testid="change-password">
        {words.change}
      </button>
      <p className="form-note" role={error === '' ? 'status' : 'alert'} data-testid="password-note">
        {error || (saved ? words.changed : '')}
      </p>
    </form>
  );
}

interface FieldProps {
  label: string;
  name: string;
  autoComplete: string;
  minLength: number;
}

function Field({ label, ...input }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input {...input} type="password" required maxLength={256} data-testid={`password-${input.name}`} />
    </label>
  );
}
