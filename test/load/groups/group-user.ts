import { fieldOf, RawSocket } from '@chasqui/app-cli/load';

/** Where the frames that a group's members get are counted. */
export interface Arrivals {
  /** A message, at a session other than its sender's. */
  chat(clientMessageId: string): void;
  queued(clientMessageId: string): void;
  stored(clientMessageId: string): void;
  refused(clientMessageId: string, code: string): void;
  /** Any other frame, or a closed connection. */
  other(what: string): void;
}

const LOGIN_MS = 30_000;
const FIELD = '"clientMessageId":"';
const REF = '"ref":"';

/** A member of groups on one socket. Finds fields by text search, as the other load users do. */
export class GroupUser {
  readonly userId: string;
  readonly #arrivals: Arrivals;
  readonly #loggedIn = Promise.withResolvers<void>();
  #socket: RawSocket | null = null;

  private constructor(userId: string, arrivals: Arrivals) {
    this.userId = userId;
    this.#arrivals = arrivals;
  }

  /** `groupsSince`: the cursor of the log-in. Resolves when the groups with news have come. Errors: a plain one. */
  static async open(
    { url, token, userId, groupsSince = 0 }: { url: string; token: string; userId: string; groupsSince?: number },
    arrivals: Arrivals,
  ): Promise<GroupUser> {
    const user = new GroupUser(userId, arrivals);
    user.#socket = await RawSocket.open(url, {
      text: (payload) => user.#text(payload),
      turn() {},
      closed: (code) => user.#closed(code),
    });
    const late = setTimeout(() => user.#loggedIn.reject(new Error(`${userId}: no log-in`)), LOGIN_MS);
    user.send(JSON.stringify({ type: 'login', token, deviceId: `bench-${userId}`, groupsSince }));
    await user.#loggedIn.promise.finally(() => clearTimeout(late));
    return user;
  }

  post(group: string, clientMessageId: string, content: string): void {
    this.send(
      `{"type":"chat","clientMessageId":"${clientMessageId}","conversationId":"${group}","content":${content}}`,
    );
  }

  send(frame: string): void {
    this.#socket?.send(frame);
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
    if (type === 'chat') this.#arrivals.chat(fieldOf(text, FIELD));
    else if (type === 'send_ack') this.#arrivals.queued(fieldOf(text, FIELD));
    else if (type === 'server_ack') this.#arrivals.stored(fieldOf(text, FIELD));
    else if (type === 'groups') this.#loggedIn.resolve();
    else if (type === 'error') this.#error(text);
    else if (type !== 'login_ok' && type !== 'pong') this.#arrivals.other(type);
  }

  #error(text: string): void {
    const [ref, code] = [fieldOf(text, REF), fieldOf(text, '"code":"')];
    this.#loggedIn.reject(new Error(`${this.userId}: ${text}`));
    if (ref === '') this.#arrivals.other(code);
    else this.#arrivals.refused(ref, code);
  }

  #closed(code: number): void {
    this.#loggedIn.reject(new Error(`${this.userId}: closed with ${code}`));
    if (this.#socket !== null) this.#arrivals.other(`closed_${code}`);
    this.#socket = null;
  }
}
