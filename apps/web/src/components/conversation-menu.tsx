import type { StateChange } from '@chasqui/domain';
import { useState } from 'react';
import { useConversation } from '../hooks/use-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { goTo } from '../hooks/use-route.ts';
import { errorText, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { isSilent } from '../model/conversation-order.ts';
import { Menu, MenuError, MenuItem } from './menu.tsx';

const words = texts.conversation;

/** What the user sets in a conversation, for themselves alone. */
export function ConversationMenu({ chat }: { chat: Chat }) {
  const { client } = useMessenger();
  const { state, last } = useConversation(chat.conversationId);
  const [error, setError] = useState('');
  const [asksToClear, setAsksToClear] = useState(false);
  const lastId = last !== undefined && /^[0-9a-f]{24}$/.test(last.sortKey) ? last.sortKey : undefined;
  const { level } = state.notify;

  return (
    <Menu label={words.menu} testId="conversation-menu">
      {(close) => {
        const set = (changes: StateChange, leaves = false) => {
          setError('');
          client.setState(chat, changes).catch((cause) => setError(errorText(cause)));
          if (leaves) goTo({});
          close();
        };
        const notify = (next: typeof level) => set({ notify: { level: next, until: 0 } });
        return (
          <>
            <MenuItem
              text={state.pinnedAt > 0 ? words.unpin : words.pin}
              choose={() => set({ pinnedAt: state.pinnedAt > 0 ? 0 : Date.now() })}
              testId="pin"
            />
            {isSilent(state, Date.now()) || level === 'mentions' ? (
              <MenuItem text={words.unsilence} choose={() => notify('default')} testId="unsilence" />
            ) : (
              <>
                <MenuItem text={words.silence} choose={() => notify('none')} testId="silence" />
                {chat.isGroup && <MenuItem text={words.mentionsOnly} choose={() => notify('mentions')} />}
              </>
            )}
            <MenuItem text={words.markUnread} choose={() => set({ markedUnread: true }, true)} testId="mark-unread" />
            <MenuItem
              text={state.archived ? words.unarchive : words.archive}
              choose={() => set({ archived: !state.archived }, !state.archived)}
              testId="archive"
            />
            {lastId !== undefined && (
              <>
                <MenuItem text={words.hide} choose={() => set({ hiddenUpTo: lastId }, true)} testId="hide" />
                {asksToClear ? (
                  <MenuItem text={words.clearSure} choose={() => set({ clearedUpTo: lastId })} testId="clear-sure" />
                ) : (
                  <MenuItem text={words.clear} choose={() => setAsksToClear(true)} testId="clear" />
                )}
              </>
            )}
            <MenuError text={error} />
          </>
        );
      }}
    </Menu>
  );
}
