import { useConversation } from '../../hooks/use-conversation.ts';
import { useNow } from '../../hooks/use-now.ts';
import { locale, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { GroupDetails } from '../../live/group-details.ts';
import { type PostingRefusal, postingRefusal } from '../../model/posting.ts';
import { soon } from '../../model/time-names.ts';
import { useStore } from '../../store.ts';
import { Composer } from '../composer.tsx';

/** The composer, or why the user cannot write here. */
export function GroupComposer({ chat, details }: { chat: Chat; details: GroupDetails }) {
  const { group: head } = useConversation(chat.conversationId);
  const { group } = useStore(details);
  const now = useNow(10_000);
  if (head === undefined && group !== undefined) return <Composer chat={chat} />;
  const refusal = postingRefusal(head ?? {}, group, now);
  if (refusal === undefined) return <Composer chat={chat} />;
  const notes: Record<NonNullable<PostingRefusal>, string> = {
    ...texts.groups,
    muted: texts.groups.mutedUntil(soon((head?.mutedUntil ?? now) - now, locale)),
  };
  return (
    <div className="composer composer-blocked" data-testid="composer-blocked">
      <p className="quiet small">{notes[refusal]}</p>
    </div>
  );
}
