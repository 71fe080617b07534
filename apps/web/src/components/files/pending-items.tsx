import { useEffect, useRef } from 'react';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { errorText, locale, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { PendingMessage } from '../../live/files/pending-message.ts';
import { timeName } from '../../model/time-names.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icon.tsx';
import { PendingRow } from './pending-row.tsx';

/** The messages of a conversation that wait for their files, below those that are sent. */
export function PendingItems({ chat }: { chat: Chat }) {
  const { files } = useMessenger();
  const pending = useStore(files.outgoing.list).filter((message) => message.conversationId === chat.conversationId);
  return pending.map((message) => <PendingItem key={message.key} message={message} />);
}

function PendingItem({ message: { key, files, text, writtenAt, isKept, error } }: { message: PendingMessage }) {
  const item = useRef<HTMLLIElement>(null);
  // Whoever sends something wants to see it.
  // Newer browsers answer with a promise, which is nothing for React.
  useEffect(() => void item.current?.scrollIntoView({ block: 'end' }), []);
  return (
    <li ref={item} className="message" data-mine="true" data-testid="pending-message">
      <div className="bubble">
        <ul className="pending-files" aria-label={texts.files.uploading}>
          {files.map((file) => (
            <PendingRow key={file.key} messageKey={key} file={file} />
          ))}
        </ul>
        {text !== '' && (
          <p className="bubble-text" data-testid="pending-text">
            {text}
          </p>
        )}
        {error !== null && (
          <p className="failed" role="alert">
            {texts.notSent(errorText(error))}
          </p>
        )}
        {!isKept && <p className="small">{texts.files.notKept}</p>}
        <p className="bubble-meta">
          <span className="state-name">{texts.files.uploading}</span>
          <time dateTime={new Date(writtenAt).toISOString()}>{timeName(writtenAt, locale)}</time>
          <Icon name="clock" />
        </p>
      </div>
    </li>
  );
}
