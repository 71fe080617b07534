import { USER_ID_PATTERN } from '@chasqui/domain';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { Api } from '../api.ts';
import { errorText, texts } from '../i18n/index.ts';
import { deviceId } from '../person.ts';

/** What somebody sees who is not signed in: the form, unless users sign in elsewhere. */
export function SignIn({ api }: { api: Api }) {
  const [isHere, setIsHere] = useState(true);

  useEffect(() => {
    // Without an answer the form is shown, which says what is wrong.
    api.takesPasswords().then(setIsHere, () => undefined);
  }, [api]);

  return (
    <main className="sign-in">
      {isHere ? (
        <SignInForm api={api} />
      ) : (
        <div className="card">
          <Welcome />
          <p data-testid="no-passwords">{texts.noPasswords}</p>
        </div>
      )}
    </main>
  );
}

function Welcome() {
  return (
    <>
      <img className="sign-in-logo" src="./icon.svg" alt="" width="56" height="56" />
      <h1>{texts.appName}</h1>
      <p className="quiet">{texts.tagline}</p>
    </>
  );
}

/** One form to log in and to sign up: the pressed button decides. */
function SignInForm({ api }: { api: Api }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const first = useRef<HTMLInputElement>(null);

  useEffect(() => {
    // On a phone the keyboard would cover half of the screen.
    if (window.matchMedia('(hover: hover)').matches) first.current?.focus();
  }, []);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const isNew = event.nativeEvent.submitter?.getAttribute('value') === 'register';
    const userId = String(form.get('userId'));
    const password = String(form.get('password'));
    setBusy(true);
    setError('');
    try {
      await (isNew ? api.register(userId, password, deviceId()) : api.signIn(userId, password, deviceId()));
    } catch (cause) {
      setError(errorText(cause));
      setBusy(false);
    }
  }

  return (
    <form className="card" onSubmit={(event) => void submit(event)}>
      <Welcome />
      <label className="field">
        <span>{texts.userId}</span>
        <input
          ref={first}
          name="userId"
          required
          maxLength={64}
          pattern={inputPattern(USER_ID_PATTERN)}
          title={texts.userIdHint}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          data-testid="user-id"
        />
      </label>
      <label className="field">
        <span>{texts.password}</span>
        <input
          name="password"
          type="password"
          required
          minLength={8}
          maxLength={256}
          title={texts.passwordHint}
          placeholder={texts.passwordHint}
          autoComplete="current-password"
          data-testid="password"
        />
      </label>
      <p className="form-note" role="alert" data-testid="form-error">
        {error}
      </p>
      <button type="submit" className="button primary" value="sign-in" disabled={busy} data-testid="sign-in">
        {texts.signIn}
      </button>
      <button type="submit" className="button" value="register" disabled={busy} data-testid="register">
        {texts.createAccount}
      </button>
      <p className="quiet small">{texts.orNewHere}</p>
    </form>
  );
}

/** Browsers compile `pattern` with the `v` flag, which requires `|` to be escaped within brackets. */
function inputPattern(pattern: string): string {
  return pattern.replace('|-]', '\\|\\-]');
}
