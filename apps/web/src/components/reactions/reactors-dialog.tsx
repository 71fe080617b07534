import { defined } from '@chasqui/domain';
import { useCallback, useState } from 'react';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useModal } from '../../hooks/use-modal.ts';
import { useNames } from '../../hooks/use-names.ts';
import { usePaged } from '../../hooks/use-paged.ts';
import { useReactions } from '../../hooks/use-reactions.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { StoredMessage } from '../../model/answerable.ts';
import { PersonRow } from '../people/person-row.tsx';

export interface ReactorsDialogProps {
  chat: Chat;
  message: StoredMessage;
  close: () => void;
}

/** Who has reacted to a message: with one emoji, or with any. */
export function ReactorsDialog({ chat, message, close }: ReactorsDialogProps) {
  const { me } = useMessenger();
  const nameOf = useNames(chat);
  const dialog = useModal();
  const [emoji, setEmoji] = useState<string>();
  const { counts } = useReactions(chat, message) ?? { counts: [] };
  const { reactions } = chat;
  const { messageId } = message;
  const read = useCallback(
    async (cursor?: string) => {
      const page = await reactions.reactors(messageId, defined({ emoji, cursor }));
      return { items: page.reactions, nextCursor: page.nextCursor };
    },
    [reactions, messageId, emoji],
  );
  const { items, error, more } = usePaged(read);
  return (
    <dialog ref={dialog} className="card" aria-labelledby="reactors-title" onClose={close}>
      <h2 id="reactors-title">{texts.reactions.who}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons, not fields. */}
      <div className="reactions" role="group" aria-label={texts.reactions.title}>
        <button
          type="button"
          className="reaction"
          aria-pressed={emoji === undefined}
          onClick={() => setEmoji(undefined)}
        >
          {texts.reactions.all}
        </button>
        {counts.map((one) => (
          <button
            key={one.emoji}
            type="button"
            className="reaction"
            aria-pressed={emoji === one.emoji}
            onClick={() => setEmoji(one.emoji)}
            data-testid="reactors-of"
          >
            <span className="emoji">{one.emoji}</span> {one.count}
          </button>
        ))}
      </div>
      {items?.length === 0 && more === undefined ? <p className="quiet small">{texts.reactions.nobody}</p> : null}
      <ul className="people" data-testid="reactors">
        {items?.map(({ userId, emojis }) => (
          <PersonRow key={userId} userId={userId} name={userId === me ? texts.you : nameOf(userId)}>
            <span className="emoji">{emojis.join(' ')}</span>
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
