import { useEffect, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useNames } from '../../hooks/use-names.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { isAnswerable } from '../../model/answerable.ts';
import { copyText } from '../../model/copy-text.ts';
import { useStore } from '../../store.ts';
import { Icon } from '../icon.tsx';
import { ReactSelected } from './react-selected.tsx';

const words = texts.message;

/** What can be done with the selected messages, in place of the composer. */
export function SelectionBar({ chat }: { chat: Chat }) {
  const ids = useStore(chat.selection);
  const nameOf = useNames(chat);
  const { busy, error, run } = useAction();
  const [asksToHide, setAsksToHide] = useState(false);
  const [first = ''] = ids;
  const single = ids.size === 1 ? chat.find(first) : undefined;

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      // A dialog or a menu in front has taken the key for itself.
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('dialog[open]') === null)
        chat.selection.clear();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [chat]);

  function copy(): void {
    const chosen = chat.get().filter(({ messageId, content }) => ids.has(messageId) && content.text !== undefined);
    const lines = chosen.map(({ from, content }) => (chosen.length > 1 ? `${nameOf(from)}: ` : '') + content.text);
    void copyText(lines.join('\n')).catch(() => undefined);
    chat.selection.clear();
  }

  function forward(): void {
    chat.forwarded.set(
      chat.get().filter(({ messageId, recalledAt }) => ids.has(messageId) && recalledAt === undefined),
    );
  }

  return (
    <div className="composer selection-bar" role="toolbar" aria-label={words.select} data-testid="selection">
      <button
        type="button"
        className="icon-button"
        aria-label={words.cancelSelection}
        title={words.cancelSelection}
        onClick={() => chat.selection.clear()}
        data-testid="cancel-selection"
      >
        <Icon name="close" />
      </button>
      <span role="status">{words.selected(ids.size)}</span>
      <span className="selection-actions">
        {single !== undefined && isAnswerable(single) && <ReactSelected chat={chat} message={single} />}
        <SelectionAction icon="copy" text={texts.copy} testId="copy-selected" choose={copy} />
        <SelectionAction icon="forward" text={words.forward} testId="forward-selected" choose={forward} />
        <SelectionAction
          icon="trash"
          text={words.hide}
          testId="hide-selected"
          choose={() => setAsksToHide(!asksToHide)}
          expanded={asksToHide}
        />
      </span>
      {asksToHide && (
        <p className="selection-sure">
          <span className="quiet small">{words.hideNote}</span>
          <button
            type="button"
            className="button danger"
            disabled={busy}
            onClick={() => void run(() => chat.hide([...ids]))}
            data-testid="hide-sure"
          >
            {words.hideSelected(ids.size)}
          </button>
        </p>
      )}
      {error !== '' && (
        <p className="composer-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface SelectionActionProps {
  icon: 'copy' | 'forward' | 'trash';
  text: string;
  testId: string;
  choose: () => void;
  expanded?: boolean;
}

function SelectionAction({ icon, text, testId, choose, expanded }: SelectionActionProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={text}
      title={text}
      aria-expanded={expanded}
      onClick={choose}
      data-testid={testId}
    >
      <Icon name={icon} />
    </button>
  );
}
