import type { ContentDigests } from './content-digest.ts';
import type { EventEnvelope } from './event-envelope.ts';
import type { MessageId } from './message-id.ts';
import type { EncodedMessage } from './message-text.ts';
/**
 * A node accepted a message. The event names the sender's session, so that the server ACK needs no presence look-up.
 */
export interface MessageEvent extends EventEnvelope {
  type: 'message';
  /** The message and its text, which was made when the message was accepted. */
  encoded: EncodedMessage;
  /** See `contentDigests`. */
  digests: ContentDigests;
  /** The accepting node and session. */
  nodeId: string;
  sessionId: string;
  /**
   * The latest message of the conversation that the sender has seen, by the sender's account (`MessageToRecord.after`).
   */
  after?: MessageId;
  /** The node did not push it to the group: it is pushed once it is stored, with its place. */
  unpushed?: true;
  /** Ms from `sentAt` until both ways began. Absent: unknown. */
  dispatchMs?: number;
  /** The W3C `traceparent` of the publish, if traced. */
  trace?: string;
}
