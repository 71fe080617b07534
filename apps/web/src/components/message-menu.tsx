import type { ChatMessage } from '@chasqui/client';
import { useState } from 'react';
import { useConversation } from '../hooks/use-conversation.ts';
import { errorText, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { copyText } from '../model/copy-text.ts';
import { ReadersDialog } from './groups/readers-dialog.tsx';
import { Menu, MenuError, MenuItem } from './menu.tsx';

/** The actions on a message: copy and, for a stored one, recall and, in a group, who has read it. */
export function MessageMenu({ chat, message }: { chat: Chat; message: ChatMessage }) {
  const [error, setError] = useState('');
  const [asksReaders, setAsksReaders] = useState(false);
  const { group } = useConversation(chat.conversationId);
  const { mine, messageId, state, content } = message;
  const isStored = messageId !== '' && state !== 'queued';
  const removes = group?.role === 'owner' || group?.role === 'admin';
  const canRecall = isStored && (mine || removes);

  async function recall(): Promise<void> {
    const refused = await chat.recall(message);
    if (refused !== null) setError(refused.retry === 'never' ? errorText(refused) : texts.recallFailed);
  }

  return (
    <>
      <Menu label={texts.messageMenu} testId="message-menu" className="message-menu">
        {(close) => (
          <>
            <MenuItem
              text={texts.copy}
              choose={() => {
                void copyText(content.text ?? '').catch(() => undefined);
                close();
              }}
            />
            {chat.isGroup && mine && isStored && (
              <MenuItem
                text={texts.groups.readBy}
                testId="read-by"
                choose={() => {
                  close();
                  setAsksReaders(true);
                }}
              />
            )}
            {mine && isStored && content.text !== undefined && (
              <MenuItem
                text={texts.edit}
                testId="edit"
                choose={() => {
                  close();
                  chat.edit(message);
                }}
              />
            )}
            {canRecall && (
              <MenuItem
                text={mine ? texts.recall : texts.groups.removeMessage}
                testId="recall"
                choose={() => void recall()}
              />
            )}
            <MenuError text={error} />
          </>
        )}
      </Menu>
      {asksReaders && messageId !== '' && (
        <ReadersDialog chat={chat} messageId={messageId} close={() => setAsksReaders(false)} />
      )}
    </>
  );
}
