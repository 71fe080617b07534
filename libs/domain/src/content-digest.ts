import { canonicalJson } from './canonical-json.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { Message } from './message.ts';
import { hash32 } from './shard.ts';

/** One or two digests of a message's content and address; see `contentDigests`. */
export type ContentDigests = readonly [kept: string, former?: string];

/** What tells another message under the same clientMessageId apart from a resend. */
export interface Addressed extends Pick<Message, 'kind' | 'content'> {
  /** Whom or what the message is addressed to: the receiver of a direct one, the conversation of any other. */
  to: UserId | ConversationId;
}

/**
 * Tell another content under the same clientMessageId apart from a resend (C4). The first is over the canonical form, in which
 * the order of keys means nothing: it is the one to keep. With `data` there is a second, over the keys as they came: a release
 * before kept that one, so a kept digest of either kind is this content's, as long as such ones are in the dedup window.
 * Not cryptographic: the only one whom a collision could mislead is the sender who made it. `contentText`: the JSON of the
 * content, where it was made already.
 */
export function contentDigests({ to, kind, content }: Addressed, contentText?: string): ContentDigests {
  const asItCame = () =>
    digestOf(`${JSON.stringify([to, kind]).slice(0, -1)},${contentText ?? JSON.stringify(content)}]`);
  if (content.data === undefined) return [asItCame()];
  const canonical = digestOf(canonicalJson([to, kind, content]));
  try {
    return [canonical, asItCame()];
  } catch {
    // It nests too deep for the digest that there was before.
    return [canonical];
  }
}

function digestOf(text: string): string {
  return `${hash32(text).toString(36)}.${text.length.toString(36)}`;
}
