import { useMessenger } from '../../hooks/use-messenger.ts';
import type { Chat } from '../../live/chat.ts';
import { picturesOf } from '../../model/files/pictures-of.ts';
import { useStore } from '../../store.ts';
import { FileViewer } from './file-viewer.tsx';

/** The viewer, while a picture of the conversation is to be seen in it. */
export function ChatViewer({ chat }: { chat: Chat }) {
  const { viewed } = useMessenger().files;
  const shown = useStore(viewed);
  const messages = useStore(chat);
  if (shown === null) return null;
  const pictures = picturesOf(messages);
  const at = pictures.findIndex(
    ({ message, file }) => message.messageId === shown.messageId && file.id === shown.fileId,
  );
  const current = pictures[at];
  // It was recalled meanwhile, or belongs to another conversation.
  if (current === undefined) return null;
  const goTo = (index: number) => {
    const next = pictures[index];
    if (next !== undefined && next.message.messageId !== '') {
      viewed.set({ messageId: next.message.messageId, fileId: next.file.id });
    }
  };
  return (
    <FileViewer
      chat={chat}
      picture={current}
      at={at}
      count={pictures.length}
      goTo={goTo}
      close={() => viewed.set(null)}
    />
  );
}
