import type { MouseEvent } from 'react';
import { useNames } from '../../hooks/use-names.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { StoredMessage } from '../../model/answerable.ts';

/** Selects a message, while others are selected; with Shift, all between them. */
export function SelectBox({ chat, message, selected }: { chat: Chat; message: StoredMessage; selected: boolean }) {
  const { from, mine, content, messageId } = message;
  const nameOf = useNames(chat);

  function clicked({ shiftKey }: MouseEvent): void {
    if (shiftKey) chat.selection.extendTo(messageId, chat.storedIds());
    else chat.selection.toggle(messageId);
  }

  return (
    <input
      type="checkbox"
      className="select-box"
      checked={selected}
      aria-label={texts.message.selectThis(mine ? texts.you : nameOf(from), (content.text ?? '').slice(0, 60))}
      // The click knows of Shift; React wants to be told who changes the box.
      onChange={() => undefined}
      onClick={clicked}
      data-testid="select-box"
    />
  );
}
