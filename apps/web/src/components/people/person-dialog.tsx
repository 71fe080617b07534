import type { UserId } from '@chasqui/domain';
import { type RefObject, useCallback } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useOpenDialog } from '../../hooks/use-open-dialog.ts';
import { locale, texts } from '../../i18n/index.ts';
import { ago } from '../../model/time-names.ts';
import { Avatar } from '../avatar.tsx';
import { LoadFailed } from '../load-failed.tsx';

/** The details of a peer: their name, the contact state, and the button to block them. */
export function PersonDialog({ peer, dialog }: { peer: UserId; dialog: RefObject<HTMLDialogElement | null> }) {
  const { api, people } = useMessenger();
  const open = useOpenDialog(dialog);
  const read = useCallback(async () => {
    const [user, contacts, blocked] = await Promise.all([api.user(peer), people.contacts(), people.blocked()]);
    const state = contacts.find(({ userId }) => userId === peer)?.state;
    return { user, state, isBlocked: blocked.includes(peer) };
  }, [api, people, peer]);
  const { value, failed, load } = useLoaded(read, open);
  const { busy, error, run } = useAction();
  const act = (action: () => Promise<unknown>) => void run(() => action().then(load));
  const name = value?.user.displayName ?? peer;
  const seen = value?.user.lastSeenAt;

  function contactButton(state: NonNullable<typeof value>['state']) {
    const [label, action] = {
      contact: [texts.people.part, () => people.part(peer)] as const,
      outgoing: [texts.people.withdraw, () => people.part(peer)] as const,
      incoming: [texts.people.accept, () => people.answer(peer, 'accept')] as const,
      none: [texts.people.ask, () => people.ask(peer)] as const,
    }[state ?? 'none'];
    return (
      <button type="button" className="button" disabled={busy} onClick={() => act(action)} data-testid="contact">
        {label}
      </button>
    );
  }

  return (
    <dialog ref={dialog} className="card" aria-label={texts.people.about(name)}>
      <div className="person">
        <Avatar id={peer} />
        <span className="person-name">
          <strong>{name}</strong>
          {name === peer ? null : <span className="quiet small">{peer}</span>}
        </span>
      </div>
      {seen === undefined ? null : (
        <p className="quiet small">{texts.people.lastSeen(ago(seen, Date.now(), locale))}</p>
      )}
      {failed ? <LoadFailed retry={() => void load()} /> : null}
      {value === undefined ? null : (
        <>
          {value.isBlocked ? null : contactButton(value.state)}
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => act(() => (value.isBlocked ? people.unblock(peer) : people.block(peer)))}
            data-testid="block"
            data-blocked={value.isBlocked}
          >
            {value.isBlocked ? texts.people.unblock : texts.people.block}
          </button>
          <p className="quiet small">{texts.people.blockHint}</p>
        </>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
      <div className="buttons">
        <button
          type="button"
          className="button primary"
          onClick={() => dialog.current?.close()}
          data-testid="person-close"
        >
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}
