import { type Clock, defined, directConversation, ImError, type Timer } from '@chasqui/domain';
import type { SendOutcome, ServerMessage } from '@chasqui/ports';
import { publicFault } from '@chasqui/protocol';
import type { MessageSender } from './message-sender.ts';
import { ServerSession } from './server-session.ts';

/** How long a call waits for its acks, ms: longer than a publish may take, shorter than the caller's deadline. */
const WAIT_MS = 6_500;
/** Messages that wait for their acks on this node (C16). Further ones are refused. */
const MAX_WAITING = 5_000;

export interface ServerSenderOptions {
  nodeId: string;
  clock: Clock;
  sender: Pick<MessageSender, 'send'>;
  isDraining(): boolean;
}

/**
 * Sends messages of the server API: each sender of a call gets a session without a socket, whose messages go the same
 * ways as those of all sessions, and whose acks are the call's answer.
 */
export class ServerSender {
  readonly #options: ServerSenderOptions;
  readonly #sessions = new Map<string, ServerSession>();
  #waiting = 0;
  #issued = 0;

  constructor(options: ServerSenderOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async send(messages: readonly ServerMessage[]): Promise<SendOutcome[]> {
    const { isDraining } = this.#options;
    const refusal = isDraining()
      ? new ImError('node_draining', 'this node is stopping')
      : this.#waiting + messages.length > MAX_WAITING
        ? new ImError('overloaded', 'too many messages wait on this node', { retryAfterMs: 500 })
        : null;
    if (refusal !== null) return messages.map(() => failed(refusal));
    this.#waiting += messages.length;
    const sessions = new Map<string, ServerSession>();
    const timer = this.#options.clock.after(WAIT_MS, () => {
      for (const session of sessions.values()) session.settle();
    });
    try {
      return await Promise.all(messages.map((message) => this.#sendOne(message, sessions)));
    } finally {
      this.#end(sessions.values(), timer);
      this.#waiting -= messages.length;
    }
  }

  /** Takes a frame for one of these sessions. False: it is no session of this kind, or over. */
  deliver(sessionId: string, frame: string): boolean {
    const session = this.#sessions.get(sessionId);
    session?.hear(frame);
    return session !== undefined;
  }

  /** The node stops, and everything accepted is on the bus: what is not stored yet counts as queued. */
  stop(): void {
    for (const session of this.#sessions.values()) session.settle();
  }

  #sendOne(message: ServerMessage, sessions: Map<string, ServerSession>): Promise<SendOutcome> {
    const { from, wait, to, conversationId, clientMessageId, content, forwardOf, mentions, replyTo, after } = message;
    const session = sessions.get(from) ?? this.#begin(from);
    sessions.set(from, session);
    try {
      const key = conversationId ?? directConversation(from, to ?? '');
      const follows = session.lastTo(key);
      const fields = defined({ content, forwardOf, to, conversationId, mentions, replyTo, after, follows });
      // A call may repeat one whose answer was lost.
      const frame = { type: 'chat', clientMessageId, resend: true, ...fields } as const;
      const outcome = session.awaits(clientMessageId, wait);
      this.#options.sender.send(session.session, frame);
      session.accepted(key, clientMessageId);
      return outcome;
    } catch (error) {
      return Promise.resolve(failed(ImError.from(error)));
    }
  }

  #begin(from: string): ServerSession {
    const { nodeId, clock } = this.#options;
    const session = new ServerSession(`${nodeId}-server-${(++this.#issued).toString(36)}`, from, clock.monotonic());
    this.#sessions.set(session.session.sessionId, session);
    return session;
  }

  #end(sessions: Iterable<ServerSession>, timer: Timer): void {
    timer.cancel();
    for (const { session } of sessions) this.#sessions.delete(session.sessionId);
  }
}

function failed(error: ImError): SendOutcome {
  return { error: publicFault(error) };
}
