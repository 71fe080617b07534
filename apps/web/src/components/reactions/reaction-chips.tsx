import { useReactions } from '../../hooks/use-reactions.ts';
import { errorText, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { StoredMessage } from '../../model/answerable.ts';
import { useStore } from '../../store.ts';

/** The reactions below a message: a click reacts too, or takes the own one back. Also, why the last one was refused. */
export function ReactionChips({ chat, message }: { chat: Chat; message: StoredMessage }) {
  const { counts } = useReactions(chat, message) ?? { counts: [] };
  const refused = useStore(chat.reactions.refused);
  return (
    <>
      {counts.length > 0 && (
        <ul className="reactions" aria-label={texts.reactions.title} data-testid="reactions">
          {counts.map(({ emoji, count, mine = false }) => (
            <li key={emoji}>
              <button
                type="button"
                className="reaction"
                aria-pressed={mine}
                aria-label={texts.reactions.counted(emoji, count, mine)}
                onClick={({ currentTarget, detail }) => {
                  if (mine && count === 1 && detail === 0) focusMenu(currentTarget);
                  void chat.reactions.react(message, emoji, !mine);
                }}
                data-testid="reaction"
              >
                <span className="emoji">{emoji}</span> {count}
              </button>
            </li>
          ))}
        </ul>
      )}
      {refused?.messageId === message.messageId && (
        <p className="reaction-refused" role="alert" data-testid="reaction-refused">
          {errorText(refused.error)}
        </p>
      )}
    </>
  );
}

/** The last one goes with the focus that it has from the keyboard: that stays in the row. */
function focusMenu(chip: Element): void {
  chip.closest('.message')?.querySelector<HTMLElement>('.message-menu button')?.focus({ preventScroll: true });
}
