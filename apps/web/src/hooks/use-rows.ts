import type { MessageId } from '@chasqui/domain';
import { useMemo } from 'react';
import type { Chat } from '../live/chat.ts';
import { messageRows, type Row } from '../model/message-rows.ts';
import { identity } from '../model/timeline.ts';
import { useStore } from '../store.ts';
import { type ShownRows, useRowWindow } from './use-row-window.ts';

/**
 * The rows of a conversation, and which of them are in the page. `unreadAfter`: messages of others after this one were unread
 * when the conversation was opened; they stay marked until the user answers.
 */
export function useRows(
  chat: Chat,
  unreadAfter: MessageId | '' | undefined,
): { rows: readonly Row[]; shown: ShownRows; goal: MessageId | undefined } {
  const messages = useStore(chat);
  const notices = useStore(chat.notices);
  const goal = useStore(chat.goal);
  const { nextBefore, detached } = useStore(chat.history);
  const mayHaveOlder = nextBefore !== undefined;
  const rows = useMemo(
    () => messageRows({ messages, notices, unreadAfter, mayHaveOlder, mayHaveNewer: detached }),
    [messages, notices, unreadAfter, mayHaveOlder, detached],
  );
  const wanted = goal === null ? undefined : messages.find(({ messageId }) => messageId === goal.messageId);
  const key = wanted === undefined ? undefined : identity(wanted);
  const target = useMemo(() => (goal === null || key === undefined ? null : { key }), [goal, key]);
  return { rows, shown: useRowWindow(rows, target), goal: goal?.messageId };
}
