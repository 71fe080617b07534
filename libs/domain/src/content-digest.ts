import type { Message } from './message.ts';
import { hash32 } from './shard.ts';

/**
 * Tells another content under the same clientMessageId apart from a resend (C4). Not cryptographic: the only one whom a
 * collision could mislead is the sender who made it.
 */
export function contentDigest({ to, kind, content }: Pick<Message, 'to' | 'kind' | 'content'>): string {
  const text = JSON.stringify([to, kind, content]);
  return `${hash32(text).toString(36)}.${text.length.toString(36)}`;
}
