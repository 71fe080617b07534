import { ImError } from '@chasqui/client';
import { type RefObject, type SubmitEvent, useState } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { goTo } from '../hooks/use-route.ts';
import { errorText, texts } from '../i18n/index.ts';
import { conversationWith } from '../model/direct.ts';
import { NewGroup } from './groups/new-group.tsx';

/** Asks for a user id, and opens the conversation if the user exists. */
export function NewConversation({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const [makesGroup, setMakesGroup] = useState(false);
  const { me, api, conversations } = useMessenger();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  function newGroup(): void {
    dialog.current?.close();
    setMakesGroup(true);
  }

  async function start(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const peer = String(new FormData(form).get('peer')).trim();
    setBusy(true);
    setError('');
    try {
      conversationWith(me, peer);
      await api.user(peer);
      const conversationId = conversations.start(peer);
      form.reset();
      dialog.current?.close();
      goTo({ conversationId });
    } catch (cause) {
      const fault = ImError.from(cause);
      setError(fault.code === 'not_found' ? texts.nobodyThere : errorText(fault));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <dialog ref={dialog} className="card" aria-labelledby="new-conversation-title" onClose={() => setError('')}>
        <form onSubmit={(event) => void start(event)}>
          <h2 id="new-conversation-title">{texts.newConversation}</h2>
          <label className="field">
            <span>{texts.newConversationHint}</span>
            <input
              name="peer"
              required
              maxLength={64}
              placeholder={texts.userId}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              data-testid="new-conversation-peer"
            />
          </label>
          <p className="form-note" role="alert">
            {error}
          </p>
          <p className="quiet small">
            {texts.groups.newGroupHint}{' '}
            <button type="button" className="link" onClick={newGroup} data-testid="new-group">
              {texts.groups.newGroup}
            </button>
          </p>
          <div className="buttons">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {texts.cancel}
            </button>
            <button type="submit" className="button primary" disabled={busy} data-testid="new-conversation-start">
              {texts.start}
            </button>
          </div>
        </form>
      </dialog>
      {makesGroup && <NewGroup close={() => setMakesGroup(false)} />}
    </>
  );
}
