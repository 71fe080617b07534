import type { ChatMessage } from '@chasqui/client';
import type { MessageId } from '@chasqui/domain';
import { useState } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { isMentioned } from '../model/mentions.ts';
import { Icon } from './icon.tsx';

/** What was unread when the conversation was opened. */
export interface UnreadMessages {
  /** The user's mark; empty: nothing was read. */
  after: MessageId | '';
  unread: number;
  mentions: number;
}

export interface JumpButtonsProps {
  chat: Chat;
  start: UnreadMessages;
  /** The first unread message has been on the screen. */
  seen: boolean;
}

/** The ways to the first unread message, and to one mention of the user after the other. */
export function JumpButtons({ chat, start, seen }: JumpButtonsProps) {
  const { me } = useMessenger();
  const [visited, setVisited] = useState<MessageId | ''>(start.after);
  const [done, setDone] = useState(0);
  const { after, unread, mentions } = start;

  async function jump(
    from: MessageId | '',
    isWanted: (message: ChatMessage) => boolean,
  ): Promise<ChatMessage | undefined> {
    await chat.history.coverFrom(after);
    const target = chat.get().find((message) => !message.mine && message.messageId > from && isWanted(message));
    if (target !== undefined && target.messageId !== '') void chat.show(target.messageId);
    return target;
  }

  async function toMention(): Promise<void> {
    const target = await jump(visited, (message) => isMentioned(message.mentions, me));
    setDone(target === undefined ? mentions : done + 1);
    if (target !== undefined) setVisited(target.messageId);
  }

  return (
    <div className="jumps">
      {unread > 0 && !seen && (
        <button type="button" className="jump" onClick={() => void jump(after, () => true)} data-testid="to-unread">
          <Icon name="up" />
          {texts.groups.toFirstUnread(unread)}
        </button>
      )}
      {mentions > done && (
        <button type="button" className="jump" onClick={() => void toMention()} data-testid="to-mention">
          <span aria-hidden="true">@</span>
          {texts.groups.toMention(mentions - done)}
        </button>
      )}
    </div>
  );
}
