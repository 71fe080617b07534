import type { ConversationId, UserId } from '@chasqui/domain';
import { memo } from 'react';
import { goTo } from '../hooks/use-route.ts';
import { goneText } from '../i18n/gone-text.ts';
import { locale, texts } from '../i18n/index.ts';
import { type Conversation, type LastMessage, nameOf } from '../model/conversation-list.ts';
import { shortName } from '../model/time-names.ts';
import { Avatar } from './avatar.tsx';
import { KindPreview } from './files/kind-preview.tsx';
import { RowSigns } from './row-signs.tsx';
import { StateSign } from './state-sign.tsx';

export interface ConversationRowProps {
  row: Conversation;
  me: UserId;
  open: boolean;
  online: boolean;
  /** Who is typing. */
  typing: UserId | undefined;
  /** Unix ms. */
  now: number;
}

/** One row of the conversation list. */
export const ConversationRow = memo(function ConversationRow({
  row,
  me,
  open,
  online,
  typing,
  now,
}: ConversationRowProps) {
  const { conversationId, peer, group, last, updatedAt, state } = row;
  const name = nameOf(row);
  const isGroup = group !== undefined;
  return (
    <li>
      <button
        type="button"
        className="row"
        aria-current={open ? 'page' : undefined}
        onClick={() => goTo({ conversationId })}
        data-testid="conversation"
        data-peer={peer}
        data-conversation={conversationId}
      >
        <Avatar
          id={peer || conversationId}
          name={name}
          picture={group?.picture ?? ''}
          isGroup={isGroup}
          online={online}
        />
        <span className="row-name">{name}</span>
        <time className="row-time" dateTime={new Date(updatedAt).toISOString()}>
          {shortName(updatedAt, now, locale)}
        </time>
        <span className="row-preview">
          {typing !== undefined ? (
            <em>{isGroup ? texts.groups.isTyping(typing) : texts.typing}</em>
          ) : state.draft !== '' && !open ? (
            <>
              <span className="draft">{texts.conversation.draft} </span>
              {state.draft}
            </>
          ) : (
            last !== undefined && <Preview conversationId={conversationId} last={last} me={me} isGroup={isGroup} />
          )}
        </span>
        <RowSigns row={row} now={now} />
      </button>
    </li>
  );
});

interface PreviewProps {
  conversationId: ConversationId;
  last: LastMessage;
  me: UserId;
  isGroup: boolean;
}

function Preview({ conversationId, last, me, isGroup }: PreviewProps) {
  const { from, preview, recalled, state, sortKey } = last;
  const mine = from === me;
  return (
    <>
      {mine && state !== undefined && !recalled && <StateSign state={state} />}
      {isGroup && `${mine ? texts.you : from}: `}
      {recalled
        ? goneText(last, { texts, me })
        : preview || <KindPreview conversationId={conversationId} messageId={sortKey} />}
    </>
  );
}
