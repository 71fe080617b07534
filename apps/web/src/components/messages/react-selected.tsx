import { useEffect, useState } from 'react';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { StoredMessage } from '../../model/answerable.ts';
import { Icon } from '../icon.tsx';
import { ReactionPicker } from '../reactions/reaction-picker.tsx';

/** Reacts to the message that is selected, by the button or, with the focus on it or on the bar, the key R. */
export function ReactSelected({ chat, message }: { chat: Chat; message: StoredMessage }) {
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const pressed = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      const isHere = target instanceof Element && target.closest('.message, .selection-bar') !== null;
      if (isHere && key.toLowerCase() === 'r' && !ctrlKey && !metaKey && !altKey) setOpen(true);
    };
    // As the key comes up: the search of the picker would get it otherwise.
    document.addEventListener('keyup', pressed);
    return () => document.removeEventListener('keyup', pressed);
  }, []);

  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.reactions.react}
        aria-keyshortcuts="R"
        title={`${texts.reactions.react} (R)`}
        onClick={() => setOpen(true)}
        data-testid="react-selected"
      >
        <Icon name="smile" />
      </button>
      {open && (
        <ReactionPicker
          choose={(emoji) => {
            chat.selection.clear();
            void chat.reactions.react(message, emoji, true);
          }}
          close={() => setOpen(false)}
        />
      )}
    </>
  );
}
