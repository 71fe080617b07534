import type { ChatMessage } from '@chasqui/client';
import { type MouseEvent, memo } from 'react';
import { hasOwnMenu, useContextMenu } from '../hooks/menu/use-context-menu.ts';
import { useGestures } from '../hooks/use-gestures.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNames } from '../hooks/use-names.ts';
import { goneText } from '../i18n/gone-text.ts';
import { locale, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { isAnswerable, isStored } from '../model/answerable.ts';
import { isMentioned } from '../model/mentions.ts';
import { timeName } from '../model/time-names.ts';
import { useStore } from '../store.ts';
import { hueOf } from './avatar.tsx';
import { MessageFiles } from './files/message-files.tsx';
import { MessageMenu } from './message-menu.tsx';
import { MessageText } from './message-text.tsx';
import { FailedActions } from './messages/failed-actions.tsx';
import { QuotedMessage } from './messages/quoted-message.tsx';
import { SelectBox } from './messages/select-box.tsx';
import { ReactionChips } from './reactions/reaction-chips.tsx';
import { StateSign } from './state-sign.tsx';

export interface MessageItemProps {
  chat: Chat;
  message: ChatMessage;
  /** The key of its row. */
  row: string;
  /** It follows closely on a message of the same sender. */
  joined: boolean;
  /** Its state is shown as text. */
  tellsState: boolean;
  /** Highlighted for a moment: the reader went to it. */
  wanted: boolean;
}

/** One message. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { chat, message, row, joined, tellsState, wanted } = props;
  const { mine, from, state, recalledAt, sentAt, mentions } = message;
  const { me } = useMessenger();
  const nameOf = useNames(chat);
  const gone = recalledAt !== undefined;
  const selection = useStore(chat.selection);
  const isSelecting = selection.size > 0 && isStored(message);
  const selected = selection.has(message.messageId);
  const { replyTo, forwarded } = message;
  const { menu, asks } = useContextMenu();
  const gestures = useGestures({
    swiped: () => !isSelecting && isAnswerable(message) && chat.answered.set(message),
    pressed: (at, on) => !isSelecting && !(on instanceof Element && hasOwnMenu(on)) && menu.current?.open(at),
  });

  /** While messages are selected, the whole row is the box. */
  function clicked(event: MouseEvent<HTMLElement>): void {
    if (!isSelecting || (event.target as Element).closest('.select-box') !== null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) chat.selection.extendTo(message.messageId, chat.storedIds());
    else chat.selection.toggle(message.messageId);
  }

  return (
    <li
      className="message"
      data-row={row}
      data-mine={mine}
      data-joined={joined}
      data-testid="message"
      data-state={state}
      data-message-id={message.messageId}
      data-selected={selected}
      {...gestures}
      {...asks}
      onClickCapture={clicked}
    >
      {isSelecting && <SelectBox chat={chat} message={message} selected={selected} />}
      <div
        className="bubble"
        data-mentions-me={!mine && isMentioned(mentions, me)}
        data-gone={gone}
        data-wanted={wanted}
      >
        {chat.isGroup && !mine && !joined && (
          <p className="bubble-from" data-hue={hueOf(from)} data-testid="message-from">
            {nameOf(from)}
          </p>
        )}
        {!gone && forwarded !== undefined && (
          <p className="bubble-forwarded" data-testid="forwarded">
            {forwarded.from === me ? texts.message.forwardedOwn : texts.message.forwarded(nameOf(forwarded.from))}
          </p>
        )}
        {!gone && replyTo !== undefined && <QuotedMessage chat={chat} message={{ ...message, replyTo }} />}
        {!gone && <MessageFiles message={message} from={mine ? texts.you : nameOf(from)} />}
        <p className="bubble-text" data-testid="message-text">
          {gone ? (
            goneText(message, { texts, me, ...(chat.isGroup ? { nameOf } : {}) })
          ) : (
            <MessageText message={message} nameOf={nameOf} />
          )}
        </p>
        <p className="bubble-meta">
          {mine && tellsState && <span className="state-name">{texts.shortStates[state]}</span>}
          {!gone && message.editedAt !== undefined && <span data-testid="edited">{texts.edited}</span>}
          <time dateTime={new Date(sentAt).toISOString()}>{timeName(sentAt, locale)}</time>
          {mine && !gone && <StateSign state={state} />}
        </p>
      </div>
      {state !== 'failed' && !isSelecting && <MessageMenu chat={chat} message={message} menu={menu} />}
      {isAnswerable(message) && <ReactionChips chat={chat} message={message} />}
      {state === 'failed' && <FailedActions chat={chat} message={message} />}
    </li>
  );
});
