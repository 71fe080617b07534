import { type FormEvent, useCallback, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { language, texts } from '../../i18n/index.ts';
import { deviceId } from '../../person.ts';

/** Notifications by e-mail: the address, then the code that was sent there. Shown only if the server sends e-mail. */
export function EmailSetting() {
  const { people } = useMessenger();
  const { value: state, load } = useLoaded(useCallback(() => people.emailState(deviceId()), [people]));
  const isWaiting = state === 'waiting';
  const { people: said } = texts;
  const { busy, error, run } = useAction();
  const [text, setText] = useState('');
  if (state === undefined || state === 'unsupported') return null;

  async function change(event: FormEvent, act: () => Promise<void>): Promise<void> {
    event.preventDefault();
    if (await run(() => act().then(load))) setText('');
  }
  const register = () => people.registerEmail(deviceId(), text.trim(), language);
  return (
    <form
      className="email-setting"
      onSubmit={(event) => void change(event, isWaiting ? () => people.confirmEmail(deviceId(), text) : register)}
      data-testid="email-setting"
      data-state={state}
    >
      {state === 'off' ? null : <p role="status">{isWaiting ? said.emailSent : said.emailOn}</p>}
      {state === 'on' ? null : (
        <label className="field">
          <span>{isWaiting ? said.emailCode : said.emailAddress}</span>
          <input
            type={isWaiting ? 'text' : 'email'}
            required
            autoComplete={isWaiting ? 'one-time-code' : 'email'}
            maxLength={isWaiting ? 32 : 254}
            value={text}
            onChange={({ target }) => setText(target.value)}
            data-testid="email-text"
          />
        </label>
      )}
      {state === 'on' ? null : (
        <button type="submit" className="button" disabled={busy} data-testid="email-go">
          {isWaiting ? said.emailConfirm : said.emailSend}
        </button>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
      {state === 'off' ? null : (
        <button
          type="button"
          className="link"
          disabled={busy}
          onClick={(event) => void change(event, () => people.removeEmail(deviceId()))}
          data-testid="email-remove"
        >
          {isWaiting ? said.emailOther : said.emailRemove}
        </button>
      )}
    </form>
  );
}
