import type { ContactState, UserId } from '@chasqui/domain';
import type { RefObject } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useOpenDialog } from '../../hooks/use-open-dialog.ts';
import { useContacts } from '../../hooks/use-people.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import type { Contact } from '../../people-api.ts';
import { LoadFailed } from '../load-failed.tsx';
import { PeopleSearch } from './people-search.tsx';
import { PersonRow } from './person-row.tsx';

const NOBODY: Contact[] = [];

/** The search for people, the requests and the contacts. */
export function PeopleDialog({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const { people, conversations, waiting } = useMessenger();
  const open = useOpenDialog(dialog);
  const { value: contacts = NOBODY, failed, load } = useContacts(open);
  const { busy, error, run } = useAction();
  const act = (action: () => Promise<unknown>) =>
    void run(() => action().then(() => Promise.all([load(), waiting.look()])));
  const write = (peer: UserId) => {
    const conversationId = conversations.start(peer);
    dialog.current?.close();
    goTo({ conversationId });
  };
  const list = (state: ContactState) => contacts.filter((contact) => contact.state === state);
  const sections = [
    { state: 'incoming', title: texts.people.requests },
    { state: 'contact', title: texts.people.contacts },
    { state: 'outgoing', title: texts.people.asked },
  ] as const;

  function actions({ userId, state }: Contact) {
    if (state === 'incoming') {
      return (
        <>
          <button
            type="button"
            className="link"
            disabled={busy}
            onClick={() => act(() => people.answer(userId, 'accept'))}
            data-testid="accept"
          >
            {texts.people.accept}
          </button>
          <button
            type="button"
            className="link"
            disabled={busy}
            onClick={() => act(() => people.answer(userId, 'decline'))}
          >
            {texts.people.decline}
          </button>
        </>
      );
    }
    if (state === 'outgoing') {
      return (
        <button type="button" className="link" disabled={busy} onClick={() => act(() => people.part(userId))}>
          {texts.people.withdraw}
        </button>
      );
    }
    return (
      <button type="button" className="link" onClick={() => write(userId)}>
        {texts.people.write}
      </button>
    );
  }

  return (
    <dialog ref={dialog} className="card" aria-labelledby="people-title">
      <h2 id="people-title">{texts.people.people}</h2>
      {open ? (
        <PeopleSearch
          stateOf={(userId) => contacts.find((contact) => contact.userId === userId)?.state}
          ask={(userId) => act(() => people.ask(userId))}
          write={write}
        />
      ) : null}
      {failed ? <LoadFailed retry={() => void load()} /> : null}
      {contacts.length === 0 && !failed ? <p className="quiet small">{texts.people.noContacts}</p> : null}
      {sections.map(({ state, title }) =>
        list(state).length === 0 ? null : (
          <section key={state} aria-label={title} data-testid={`contacts-${state}`}>
            <h3>{title}</h3>
            <ul className="people">
              {list(state).map((contact) => (
                <PersonRow key={contact.userId} userId={contact.userId}>
                  {actions(contact)}
                </PersonRow>
              ))}
            </ul>
          </section>
        ),
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
      <div className="buttons">
        <button type="button" className="button primary" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}
