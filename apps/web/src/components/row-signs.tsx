import { texts } from '../i18n/index.ts';
import { type Conversation, unreadOf } from '../model/conversation-list.ts';
import { isSilent } from '../model/conversation-order.ts';
import { Icon, type IconName } from './icon.tsx';

/** The badges of a row: pinned, silent, mentions, unread. */
export function RowSigns({ row, now }: { row: Conversation; now: number }) {
  const { group, state } = row;
  const unread = unreadOf(row);
  const mentions = group?.mentions ?? 0;
  const silent = isSilent(state, now);
  return (
    <span className="row-signs">
      {silent && <Sign name="bell-off" text={texts.conversation.silent} />}
      {state.pinnedAt > 0 && <Sign name="pin" text={texts.conversation.pinned} />}
      {mentions > 0 && (
        <span className="badge" data-testid="mention-badge">
          <span aria-hidden="true">@</span>
          <span className="only-read-out">{texts.groups.mentions(mentions)}</span>
        </span>
      )}
      {unread > 0 && (
        <span className="badge" data-quiet={silent} data-testid="unread-badge">
          <span aria-hidden="true">{unread > 999 ? '999+' : unread}</span>
          <span className="only-read-out">{texts.unread(unread)}</span>
        </span>
      )}
      {unread === 0 && state.markedUnread && (
        <span className="badge marked" data-testid="marked-unread">
          <span className="only-read-out">{texts.conversation.markedUnread}</span>
        </span>
      )}
    </span>
  );
}

function Sign({ name, text }: { name: IconName; text: string }) {
  return (
    <span className="row-sign" role="img" aria-label={text} title={text} data-testid={name}>
      <Icon name={name} />
    </span>
  );
}
