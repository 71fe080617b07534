import { canonicalJson } from './canonical-json.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { ForwardRequest, Mentions, Message, MessageReference } from './message.ts';
import { type ContentKind, contentKind } from './message-content.ts';
import { hash32 } from './shard.ts';

/** What messages of releases up to 0.1 are. */
const FORMER_KINDS: ReadonlySet<ContentKind> = new Set<ContentKind>(['text', 'data', 'empty']);

/** One or two digests of a message's content and address; see `contentDigests`. */
export type ContentDigests = readonly [kept: string, former?: string];

/** The fields that distinguish a resend from a different message under the same clientMessageId. */
export interface Addressed extends Pick<Message, 'kind' | 'content'> {
  mentions?: Mentions | undefined;
  replyTo?: MessageReference | undefined;
  /** It has the content of another message: the digests are over the request, whatever that content is by now. */
  forwardOf?: ForwardRequest | undefined;
  /** The recipient: the receiver of a direct message, the conversation of any other. */
  to: UserId | ConversationId;
}

/**
 * Digests that distinguish different content under the same clientMessageId from a resend (C4). The first is over the
 * canonical form, where the order of keys does not matter; this one is stored. Content of text and `data` also has a second
 * digest, over the keys in their original order: an earlier release stored that one, so a stored digest that equals
 * either of the two belongs to the same content, for as long as the dedup window contains such digests. Not
 * cryptographic: a collision can only mislead the sender who constructed it. `contentText`: the JSON of the content, if
 * it exists already. Mentions, and what is answered, are part of the content.
 */
export function contentDigests(
  { to, kind, content, mentions, replyTo, forwardOf }: Addressed,
  contentText?: string,
): ContentDigests {
  if (forwardOf !== undefined) {
    const { conversationId, messageId, withOrigin = true } = forwardOf;
    const request = { forwardOf: { conversationId, messageId, withOrigin } };
    return [digestOf(canonicalJson([to, kind, request, mentions ?? null, replyTo ?? null]))];
  }
  if (replyTo !== undefined) return [digestOf(canonicalJson([to, kind, content, mentions ?? null, { replyTo }]))];
  // No earlier release knows these, so that there is no former digest to match.
  if (mentions !== undefined || !FORMER_KINDS.has(contentKind(content)))
    return [digestOf(canonicalJson([to, kind, content, mentions]))];
  const asItCame = () =>
    digestOf(`${JSON.stringify([to, kind]).slice(0, -1)},${contentText ?? JSON.stringify(content)}]`);
  if (content.data === undefined) return [asItCame()];
  const canonical = digestOf(canonicalJson([to, kind, content]));
  try {
    return [canonical, asItCame()];
  } catch {
    // The content nests too deep for the former digest.
    return [canonical];
  }
}

/** Not cryptographic; at most 15 characters for texts below a gigabyte. */
export function digestOf(text: string): string {
  return `${hash32(text).toString(36)}.${text.length.toString(36)}`;
}
