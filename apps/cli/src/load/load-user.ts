import { DEFAULT_LIMITS, directConversation, ImError } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { fieldOf } from './field-of.ts';
import type { LoadRun } from './load-run.ts';
import { RawSocket } from './raw-socket.ts';

const LOGIN_MS = 30_000;

/** Errors that concern no single message. */
export interface Troubles {
  /** Closed connections and errors that name no message, by code. */
  readonly counts: Map<string, number>;
}

/**
 * One simulated user on one socket: sends to a partner, acks received messages at once (one `ack` for each read), and
 * records the stages of its messages in the run. It finds fields in frames by text search: a client that parsed
 * everything would cost more than the server.
 */
export class LoadUser {
  readonly userId: string;
  readonly #troubles: Troubles;
  readonly #loggedIn = Promise.withResolvers<void>();
  #socket: RawSocket | null = null;
  #partner = '';
  #conversationId = '';
  #run: LoadRun | null = null;
  #toAck: string[] = [];

  private constructor(userId: string, troubles: Troubles) {
    this.userId = userId;
    this.#troubles = troubles;
  }

  /** Errors: `connection_closed`, or the server's refusal of the login. */
  static async open(
    { url, token, userId }: { url: string; token: string; userId: string },
    troubles: Troubles,
  ): Promise<LoadUser> {
    const user = new LoadUser(userId, troubles);
    user.#socket = await RawSocket.open(url, {
      text: (payload) => user.#text(payload),
      turn: () => user.#turn(),
      closed: (code) => user.#closed(code),
    });
    const late = setTimeout(() => user.#loggedIn.reject(closed('no answer to the login')), LOGIN_MS);
    user.#socket.send(JSON.stringify({ type: 'login', token, deviceId: `bench-${userId}`, platform: 'bench' }));
    user.flush();
    await user.#loggedIn.promise.finally(() => clearTimeout(late));
    return user;
  }

  pairWith(partner: string): void {
    this.#partner = partner;
    this.#conversationId = directConversation(this.userId, partner);
  }

  /** Sets the run that counts later arrivals. */
  join(run: LoadRun | null): void {
    this.#run = run;
  }

  /** Sends a message at the next `flush`. `content`: JSON text. */
  send(clientMessageId: string, content: string): void {
    this.#socket?.send(
      `{"type":"chat","clientMessageId":"${clientMessageId}","to":"${this.#partner}","content":${content}}`,
    );
  }

  ping(): void {
    this.#socket?.send('{"type":"ping"}');
    this.flush();
  }

  flush(): void {
    this.#socket?.flush();
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #text(payload: Buffer): void {
    const text = payload.toString('latin1');
    const type = text.slice(9, text.indexOf('"', 9));
    if (type === 'send_ack') this.#run?.mark(fieldOf(text, CLIENT_MESSAGE_ID), 'queued');
    else if (type === 'server_ack') this.#run?.mark(fieldOf(text, CLIENT_MESSAGE_ID), 'stored');
    else if (type === 'chat') this.#chat(text);
    else if (type === 'receipt') this.#receipt(JSON.parse(text));
    else if (type === 'error') this.#error(JSON.parse(text));
    else if (type === 'login_ok') this.#loggedIn.resolve();
  }

  #chat(text: string): void {
    const messageId = fieldOf(text, MESSAGE_ID);
    this.#run?.received(fieldOf(text, CLIENT_MESSAGE_ID), messageId);
    if (messageId !== '') this.#toAck.push(messageId);
  }

  #receipt({ state, messageIds }: ServerFrameOf<'receipt'>): void {
    if (state === 'delivered') for (const messageId of messageIds ?? []) this.#run?.delivered(messageId);
    else this.#count(`receipt_${state}`);
  }

  #error({ code, message, ref }: ServerFrameOf<'error'>): void {
    this.#loggedIn.reject(new ImError(code, message));
    if (ref === undefined) this.#count(code);
    else this.#run?.refused(ref, code);
  }

  #turn(): void {
    while (this.#toAck.length > 0) {
      const messageIds = this.#toAck.splice(0, DEFAULT_LIMITS.maxAckIds);
      this.#socket?.send(
        `{"type":"ack","state":"delivered","conversationId":"${this.#conversationId}","messageIds":["${messageIds.join('","')}"]}`,
      );
    }
    this.flush();
  }

  #closed(code: number): void {
    this.#loggedIn.reject(closed(`closed with ${code}`));
    if (this.#socket !== null) this.#count(`closed_${code}`);
    this.#socket = null;
  }

  #count(what: string): void {
    this.#troubles.counts.set(what, (this.#troubles.counts.get(what) ?? 0) + 1);
  }
}

const CLIENT_MESSAGE_ID = '"clientMessageId":"';
const MESSAGE_ID = '"messageId":"';

function closed(why: string): ImError {
  return new ImError('connection_closed', why);
}
