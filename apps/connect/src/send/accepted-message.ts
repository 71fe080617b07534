import { type ContentDigests, defined, type ImError, type Message, type MessageId } from '@chasqui/domain';
import type { Span } from '@chasqui/kit';
import type { Session } from '../sessions/session.ts';
import type { Decision } from './conversation-kind.ts';

/** A message that a node has accepted and not yet sent. */
export interface Accepted {
  session: Session;
  /** Until its dedup hint is claimed, the audience is empty and the id may still change to that of an earlier copy. */
  message: Message;
  /** The JSON of the content, made once. Its size, its digests and the message's text follow from it. */
  contentText: string;
  digests: ContentDigests;
  decision: Decision;
  /** Only if the message has the content of another one. */
  forward: Forward | undefined;
  after: MessageId | undefined;
  follows: boolean;
  generation: number;
  acceptedAt: number;
  /** Null if the message is not traced. */
  span: Span | null;
}

export type Undecided = Omit<Accepted, 'decision'>;

interface Forward {
  /** The id that was made for this copy: under another one, it is a resend. */
  ownId: MessageId;
  /** Why the content cannot be had. Absent: it can. */
  missing?: ImError;
}

/**
 * Whether the message is a forward that was accepted before. The content of what it forwards may have changed since, so
 * nobody is shown it before storing says which copy stands.
 */
export function isForwardedAgain({ forward, message }: Pick<Accepted, 'forward' | 'message'>): boolean {
  return forward !== undefined && forward.ownId !== message.messageId;
}

/** When the message is pushed: a forward that was accepted before, once it is stored. */
export function pushesOf(accepted: Pick<Accepted, 'decision' | 'forward' | 'message'>): Decision['pushes'] {
  return isForwardedAgain(accepted) ? 'once_stored' : accepted.decision.pushes;
}

/**
 * What the sender of a forward is told of it. Of a resend nothing, unless the first copy was read: that one may say what the
 * other message said before an edit, and only the log has it.
 */
export function forwardedAs(
  accepted: Pick<Accepted, 'forward' | 'message'>,
): Partial<Pick<Message, 'content' | 'forwarded'>> {
  const { forward, message } = accepted;
  if (forward === undefined || (isForwardedAgain(accepted) && forward.missing === undefined)) return {};
  const { content, forwarded } = message;
  return { content, ...defined({ forwarded }) };
}
