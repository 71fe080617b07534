import { useAction } from '../../hooks/use-action.ts';
import { useConversation } from '../../hooks/use-conversation.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';

const LEVELS = ['default', 'all', 'mentions', 'none'] as const;

/** Of what in the group the user is notified. */
export function GroupNotify({ chat }: { chat: Chat }) {
  const { client } = useMessenger();
  const { state } = useConversation(chat.conversationId);
  const { error, run } = useAction();
  const words = texts.groups.notifyLevels;
  return (
    <label className="field">
      <span>{texts.groups.notifyOf}</span>
      <select
        value={state.notify.level}
        onChange={({ target }) => {
          const level = LEVELS.find((one) => one === target.value) ?? 'default';
          void run(() => client.setState(chat, { notify: { level, until: 0 } }));
        }}
        data-testid="group-notify"
      >
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {words[level]}
          </option>
        ))}
      </select>
      <span className="form-note" role="alert">
        {error}
      </span>
    </label>
  );
}
