import { useState } from 'react';
import { useConversation, useConversationName } from '../../hooks/use-conversation.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { useStore } from '../../store.ts';
import { Avatar } from '../avatar.tsx';
import { HeaderBar } from '../header-bar.tsx';
import { GroupDialog } from './group-dialog.tsx';

/** The group, its size, and who is typing. */
export function GroupHeader({ chat, searchHere }: { chat: Chat; searchHere: () => void }) {
  const { conversationId } = chat;
  const { typing } = useMessenger();
  const [asks, setAsks] = useState(false);
  const writes = useStore(typing).get(conversationId);
  const { group } = useConversation(conversationId);
  const name = useConversationName(conversationId);
  const size = group === undefined ? '\u00a0' : texts.groups.members(group.memberCount);
  return (
    <HeaderBar chat={chat} name={name} searchHere={searchHere}>
      <Avatar id={conversationId} name={name} picture={group?.picture ?? ''} isGroup />
      <div className="bar-title">
        <h2>
          <button
            type="button"
            className="bar-person"
            title={texts.groups.about(name)}
            onClick={() => setAsks(true)}
            data-testid="about-group"
          >
            {name}
          </button>
        </h2>
        <p className="quiet small" role="status" data-testid="group-size">
          {writes === undefined ? size : texts.groups.isTyping(chat.nameOf(writes))}
        </p>
      </div>
      {asks && <GroupDialog chat={chat} close={() => setAsks(false)} />}
    </HeaderBar>
  );
}
