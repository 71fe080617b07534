import { fieldOf, type LoadTarget, RawSocket } from '@chasqui/app-cli/load';
import type { ServerFrameOf } from '@chasqui/protocol';

/** What the server tells the senders of a load. */
export interface Answers {
  queued(clientMessageId: string, messageId: string): void;
  stored(clientMessageId: string): void;
  /** `state`: *unread* or *delivered*. */
  receipt(state: string, messageIds: readonly string[]): void;
  refused(clientMessageId: string, code: string): void;
  /** A closed connection, or an error that names no message. */
  other(what: string): void;
}

const LOGIN_MS = 30_000;
const CLIENT_MESSAGE_ID = '"clientMessageId":"';
const MESSAGE_ID = '"messageId":"';

export const userName = (number: number): string => `many-${number}`;

/** One of many users on a socket: writes to anybody, and acks what comes. Finds fields by text search, as `LoadUser`. */
export class OneUser {
  readonly number: number;
  readonly #answers: Answers;
  readonly #loggedIn = Promise.withResolvers<void>();
  #socket: RawSocket | null = null;

  private constructor(number: number, answers: Answers) {
    this.number = number;
    this.#answers = answers;
  }

  /** Users with odd numbers are on another node than those with even ones. Errors: a plain one. */
  static async open({ nodes, token }: LoadTarget, number: number, answers: Answers): Promise<OneUser> {
    const user = new OneUser(number, answers);
    const userId = userName(number);
    user.#socket = await RawSocket.open(nodes[number % nodes.length] ?? '', {
      text: (payload) => user.#text(payload.toString('latin1')),
      turn: () => user.flush(),
      closed: (code) => user.#closed(code),
    });
    const late = setTimeout(() => user.#loggedIn.reject(new Error(`${userId}: no log-in`)), LOGIN_MS);
    user.#send(JSON.stringify({ type: 'login', token: await token(userId), deviceId: 'bench', platform: 'bench' }));
    user.flush();
    await user.#loggedIn.promise.finally(() => clearTimeout(late));
    return user;
  }

  /** Sends at the next `flush`. `content`: JSON text. */
  write(to: number, clientMessageId: string, content: string): void {
    this.#send(`{"type":"chat","clientMessageId":"${clientMessageId}","to":"${userName(to)}","content":${content}}`);
  }

  ping(): void {
    this.#send('{"type":"ping"}');
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

  #send(frame: string): void {
    this.#socket?.send(frame);
  }

  #text(text: string): void {
    const type = text.slice(9, text.indexOf('"', 9));
    if (type === 'send_ack') this.#answers.queued(fieldOf(text, CLIENT_MESSAGE_ID), fieldOf(text, MESSAGE_ID));
    else if (type === 'server_ack') this.#answers.stored(fieldOf(text, CLIENT_MESSAGE_ID));
    else if (type === 'receipt') this.#receipt(JSON.parse(text));
    else if (type === 'chat') this.#ack(text);
    else if (type === 'login_ok') this.#loggedIn.resolve();
    else if (type === 'error') this.#error(text);
  }

  #receipt({ state, messageIds = [] }: ServerFrameOf<'receipt'>): void {
    this.#answers.receipt(state, messageIds);
  }

  #ack(text: string): void {
    const [conversationId, messageId] = [fieldOf(text, '"conversationId":"'), fieldOf(text, MESSAGE_ID)];
    this.#send(`{"type":"ack","state":"delivered","conversationId":"${conversationId}","messageIds":["${messageId}"]}`);
  }

  #error(text: string): void {
    this.#loggedIn.reject(new Error(`${userName(this.number)}: ${text}`));
    const [ref, code] = [fieldOf(text, '"ref":"'), fieldOf(text, '"code":"')];
    if (ref === '') this.#answers.other(code);
    else this.#answers.refused(ref, code);
  }

  #closed(code: number): void {
    this.#loggedIn.reject(new Error(`${userName(this.number)}: closed with ${code}`));
    if (this.#socket !== null) this.#answers.other(`closed_${code}`);
    this.#socket = null;
  }
}
