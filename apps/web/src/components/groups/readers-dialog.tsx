import type { MessageId } from '@chasqui/domain';
import { useCallback } from 'react';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useModal } from '../../hooks/use-modal.ts';
import { usePaged } from '../../hooks/use-paged.ts';
import { locale, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { shortName } from '../../model/time-names.ts';
import { PersonRow } from '../people/person-row.tsx';

/** Who has read a message of a group, and when. */
export function ReadersDialog({ chat, messageId, close }: { chat: Chat; messageId: MessageId; close: () => void }) {
  const { groups } = useMessenger();
  const { conversationId } = chat;
  const dialog = useModal();
  const read = useCallback(
    async (cursor?: string) => {
      const { readers, nextCursor } = await groups.readers(conversationId, messageId, cursor);
      return { items: readers, nextCursor };
    },
    [groups, conversationId, messageId],
  );
  const { items, error, more } = usePaged(read);
  return (
    <dialog ref={dialog} className="card" aria-labelledby="readers-title" onClose={close}>
      <h2 id="readers-title">{texts.groups.readers}</h2>
      {items?.length === 0 ? <p className="quiet small">{texts.groups.readByNobody}</p> : null}
      <ul className="people" data-testid="readers">
        {items?.map(({ userId, at }) => (
          <PersonRow key={userId} userId={userId} name={chat.nameOf(userId)}>
            <time className="quiet small">{shortName(at, Date.now(), locale)}</time>
          </PersonRow>
        ))}
      </ul>
      {more && (
        <button type="button" className="link" onClick={more}>
          {texts.more}
        </button>
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
