import type { ChatMessage } from '@chasqui/client';
import { type RefObject, useState } from 'react';
import type { MenuActions } from '../hooks/menu/use-context-menu.ts';
import { useConversation } from '../hooks/use-conversation.ts';
import { useReactions } from '../hooks/use-reactions.ts';
import { errorText, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { isStored as hasFinalId, isAnswerable } from '../model/answerable.ts';
import { copyText } from '../model/copy-text.ts';
import { ReadersDialog } from './groups/readers-dialog.tsx';
import { Menu, MenuError, MenuItem } from './menu.tsx';
import { QuickReactions } from './reactions/quick-reactions.tsx';
import { ReactionPicker } from './reactions/reaction-picker.tsx';
import { ReactorsDialog } from './reactions/reactors-dialog.tsx';

export interface MessageMenuProps {
  chat: Chat;
  message: ChatMessage;
  /** Gets what opens it. */
  menu: RefObject<MenuActions | null>;
}

/** The actions on a message; of one that is recalled, those for the user alone. */
export function MessageMenu({ chat, message, menu }: MessageMenuProps) {
  const [error, setError] = useState('');
  const [dialog, setDialog] = useState<'readers' | 'reactors' | 'emojis'>();
  const { group } = useConversation(chat.conversationId);
  const { mine, messageId, state, content } = message;
  const isStored = messageId !== '' && state !== 'queued';
  const hasLeft = group !== undefined && group.role === undefined;
  const removes = group?.role === 'owner' || group?.role === 'admin';
  const gone = message.recalledAt !== undefined;
  const canRecall = !gone && isStored && (mine || removes);
  const [asksToHide, setAsksToHide] = useState(false);
  const hasReactions = (useReactions(chat, message)?.counts.length ?? 0) > 0;
  const closeDialog = () => setDialog(undefined);

  async function recall(): Promise<void> {
    const refused = await chat.recall(message);
    if (refused !== null) setError(refused.retry === 'never' ? errorText(refused) : texts.recallFailed);
  }

  async function hide(): Promise<void> {
    if (messageId !== '') await chat.hide([messageId]).catch((cause) => setError(errorText(cause)));
  }

  return (
    <>
      <Menu label={texts.messageMenu} testId="message-menu" className="message-menu" handle={menu}>
        {(close) => (
          <>
            {!hasLeft && isAnswerable(message) && (
              <QuickReactions
                chat={chat}
                message={message}
                done={close}
                another={() => {
                  close();
                  setDialog('emojis');
                }}
              />
            )}
            {isAnswerable(message) && (
              <MenuItem
                text={texts.message.reply}
                testId="reply"
                choose={() => {
                  close();
                  chat.editing.set(null);
                  chat.answered.set(message);
                }}
              />
            )}
            {content.text !== undefined && (
              <MenuItem
                text={texts.copy}
                choose={() => {
                  void copyText(content.text ?? '').catch(() => undefined);
                  close();
                }}
              />
            )}
            {isAnswerable(message) && (
              <MenuItem
                text={texts.message.forward}
                testId="forward"
                choose={() => {
                  close();
                  chat.forwarded.set([message]);
                }}
              />
            )}
            {chat.isGroup && mine && isStored && (
              <MenuItem
                text={texts.groups.readBy}
                testId="read-by"
                choose={() => {
                  close();
                  setDialog('readers');
                }}
              />
            )}
            {hasReactions && (
              <MenuItem
                text={texts.reactions.who}
                testId="who-reacted"
                choose={() => {
                  close();
                  setDialog('reactors');
                }}
              />
            )}
            {mine && isStored && content.text !== undefined && message.forwarded === undefined && (
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
            {hasFinalId(message) && (
              <>
                <MenuItem
                  text={texts.message.select}
                  testId="select"
                  choose={() => {
                    close();
                    chat.selection.toggle(message.messageId);
                  }}
                />
                {asksToHide ? (
                  <MenuItem text={texts.message.hideSure} testId="hide-message-sure" choose={() => void hide()} />
                ) : (
                  <MenuItem text={texts.message.hide} testId="hide-message" choose={() => setAsksToHide(true)} />
                )}
              </>
            )}
            <MenuError text={error} />
          </>
        )}
      </Menu>
      {dialog === 'readers' && messageId !== '' && <ReadersDialog {...{ chat, messageId, close: closeDialog }} />}
      {dialog === 'reactors' && hasFinalId(message) && <ReactorsDialog {...{ chat, message, close: closeDialog }} />}
      {dialog === 'emojis' && isAnswerable(message) && (
        <ReactionPicker choose={(emoji) => void chat.reactions.react(message, emoji, true)} close={closeDialog} />
      )}
    </>
  );
}
