import { useReactions } from '../../hooks/use-reactions.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { StoredMessage } from '../../model/answerable.ts';
import { Icon } from '../icon.tsx';

const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

export interface QuickReactionsProps {
  chat: Chat;
  message: StoredMessage;
  /** One was chosen. */
  done: () => void;
  /** The user wants another emoji. */
  another: () => void;
}

/** Frequent reactions, in the menu of a message. */
export function QuickReactions({ chat, message, done, another }: QuickReactionsProps) {
  const { counts } = useReactions(chat, message) ?? { counts: [] };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of a menu.
    <div className="quick-reactions" role="group" aria-label={texts.reactions.react}>
      {EMOJIS.map((emoji) => {
        const mine = counts.some((one) => one.emoji === emoji && one.mine);
        return (
          <button
            key={emoji}
            type="button"
            role="menuitemcheckbox"
            aria-checked={mine}
            onClick={() => {
              done();
              void chat.reactions.react(message, emoji, !mine);
            }}
            data-testid="quick-reaction"
          >
            {emoji}
          </button>
        );
      })}
      <button
        type="button"
        role="menuitem"
        aria-label={texts.reactions.another}
        title={texts.reactions.another}
        onClick={another}
        data-testid="another-reaction"
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
