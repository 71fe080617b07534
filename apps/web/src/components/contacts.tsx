import type { UserId } from '@chasqui/domain';
import { type RefObject, type SubmitEvent, useCallback, useEffect, useState } from 'react';
import { withQuery } from '../api.ts';
import type { ContactsPage } from '../api-bodies.ts';
import { useAction } from '../hooks/use-action.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { texts } from '../i18n/index.ts';

/** Asks somebody to be a contact, and answers those who asked: moments are for contacts. */
export function Contacts({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const { api, moments } = useMessenger();
  const [incoming, setIncoming] = useState<readonly UserId[]>([]);
  const [said, setSaid] = useState('');
  const { busy, error, run } = useAction();

  const look = useCallback(async () => {
    const path = withQuery('/api/contacts', { state: 'incoming', limit: 100 });
    const { contacts } = await api.call<ContactsPage>('GET', path);
    setIncoming(contacts.map(({ userId }) => userId));
  }, [api]);
  useEffect(() => {
    look().catch(() => undefined);
  }, [look]);

  async function ask(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const other = String(new FormData(form).get('other')).trim();
    setSaid('');
    await run(async () => {
      await api.user(other);
      const { state } = await api.call<{ state: string }>('PUT', `/api/contacts/${encodeURIComponent(other)}`);
      setSaid(state === 'contact' ? texts.moments.areContacts : texts.moments.asked);
      form.reset();
      await look();
      if (state === 'contact') await moments.open();
    });
  }

  function answer(user: UserId, how: 'accept' | 'decline'): void {
    void run(async () => {
      await api.call('POST', `/api/contacts/${encodeURIComponent(user)}/${how}`);
      await look();
      if (how === 'accept') await moments.open();
    });
  }

  return (
    <dialog ref={dialog} className="card" aria-labelledby="contacts-title">
      <h2 id="contacts-title">{texts.moments.contacts}</h2>
      {incoming.map((user) => (
        <div key={user} className="contact-request" data-testid="contact-request">
          <p>{texts.moments.wantsContact(user)}</p>
          <div className="buttons">
            <button type="button" className="button" disabled={busy} onClick={() => answer(user, 'decline')}>
              {texts.moments.decline}
            </button>
            <button
              type="button"
              className="button primary"
              disabled={busy}
              onClick={() => answer(user, 'accept')}
              data-testid="contact-accept"
            >
              {texts.moments.accept}
            </button>
          </div>
        </div>
      ))}
      <form onSubmit={(event) => void ask(event)} className="contact-ask">
        <label className="field">
          <span>{texts.moments.askContact}</span>
          <input
            name="other"
            required
            maxLength={64}
            placeholder={texts.userId}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-testid="contact-id"
          />
        </label>
        <p className="form-note" role="status">
          {error === '' ? said : error}
        </p>
        <div className="buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()} data-testid="contacts-close">
            {texts.close}
          </button>
          <button type="submit" className="button primary" disabled={busy} data-testid="contact-ask">
            {texts.moments.ask}
          </button>
        </div>
      </form>
    </dialog>
  );
}
