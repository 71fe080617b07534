import { type ConversationId, defined, type MessageId, type UserId } from '@chasqui/domain';
import type { Connection, SendOutcome, ServerMessage } from '@chasqui/ports';
import type { ServerFrame } from '@chasqui/protocol';
import { Session } from '../sessions/session.ts';

/** The device of messages that the server API sends. */
const SERVER_DEVICE = 'server';

interface Awaited {
  wait: ServerMessage['wait'];
  /** Set when the bus has the message. */
  queued: { messageId: MessageId; conversationId: ConversationId } | null;
  resolve(outcome: SendOutcome): void;
}

/** A session without a socket, of one sender in one call of the server API. The frames it gets become outcomes. */
export class ServerSession {
  readonly session: Session;
  /** By client message id, until its outcome is known. */
  readonly #awaited = new Map<string, Awaited>();
  /** The last accepted message to each conversation of the call. */
  readonly #lasts = new Map<ConversationId, string>();

  constructor(sessionId: string, userId: UserId, seenAt: number) {
    const connection: Connection = {
      id: sessionId,
      remoteAddress: '',
      subprotocol: 'chasqui.v1.json',
      send: (data) => {
        this.hear(String(data));
        return 'sent';
      },
      flush() {},
      backlog: () => 0,
      end() {},
    };
    this.session = new Session(connection, sessionId, seenAt);
    Object.assign(this.session, { userId, deviceId: SERVER_DEVICE, state: 'open' });
  }

  /** The message that the next one to the conversation follows, so that it never overtakes one that failed (C5). */
  lastTo(key: ConversationId): string | undefined {
    return this.#lasts.get(key);
  }

  accepted(key: ConversationId, clientMessageId: string): void {
    this.#lasts.set(key, clientMessageId);
  }

  /** Resolves to the message's outcome. */
  awaits(clientMessageId: string, wait: ServerMessage['wait']): Promise<SendOutcome> {
    return new Promise((resolve) => this.#awaited.set(clientMessageId, { wait, queued: null, resolve }));
  }

  /** A frame for this session, from this node or from Business. */
  hear(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === 'error') {
      const { code, message, field, retryAfterMs, ref = '' } = frame;
      this.#end(ref, { error: { code, message, ...defined({ field, retryAfterMs }) } });
    } else if (frame.type === 'send_ack') {
      const { clientMessageId, messageId, conversationId } = frame;
      const awaited = this.#awaited.get(clientMessageId);
      if (awaited === undefined) return;
      awaited.queued = { messageId, conversationId };
      if (awaited.wait === 'queued') this.#end(clientMessageId, { state: 'queued', messageId, conversationId });
    } else if (frame.type === 'server_ack') {
      const { clientMessageId, messageId, conversationId } = frame;
      this.#end(clientMessageId, { state: 'stored', messageId, conversationId });
    }
  }

  /** Waits no longer: what the bus has is queued, and of the rest the outcome is unknown. */
  settle(): void {
    for (const [clientMessageId, { queued }] of this.#awaited) {
      const unknown = {
        code: 'deadline_exceeded',
        message: 'no ack in time: send it again, with the same id',
      } as const;
      this.#end(clientMessageId, queued === null ? { error: unknown } : { state: 'queued', ...queued });
    }
  }

  #end(clientMessageId: string, outcome: SendOutcome): void {
    this.#awaited.get(clientMessageId)?.resolve(outcome);
    this.#awaited.delete(clientMessageId);
  }
}
