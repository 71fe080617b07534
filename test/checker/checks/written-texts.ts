import type { MessageId } from '@chasqui/domain';
import { groupBy, type History } from '../history.ts';
import type { Identity } from '../records.ts';

/** All that a message may say: what its sender wrote, also in an edit, or, of a forward, what the other message may say. */
export function writtenTexts(
  history: History,
  messages: readonly { messageId: MessageId; identity: Identity }[],
): (identity: Identity) => ReadonlySet<string> {
  const drafts = groupBy(history.of('submitted'), ({ identity }) => identity);
  const edits = groupBy(history.of('edited'), ({ identity }) => identity);
  const identities = new Map(messages.map(({ messageId, identity }) => [messageId as string, identity]));
  const textsOf = (identity: Identity): Set<string> => {
    const texts = new Set((edits.get(identity) ?? []).map(({ text }) => text));
    for (const { text, forwardOf } of drafts.get(identity) ?? []) {
      if (forwardOf === undefined) texts.add(text);
      else for (const one of textsOf(identities.get(forwardOf.messageId) ?? '')) texts.add(one);
    }
    return texts;
  };
  return textsOf;
}
