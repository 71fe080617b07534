import { fieldOf, type LoadTarget, RawSocket } from '@chasqui/app-cli/load';
import type { ServerFrameOf } from '@chasqui/protocol';

/** Frames that a user waits for. */
interface Awaited {
  type: string;
  left: number;
  done(): void;
}

/** How many things of a pair are under way. */
const AT_ONCE = 8;

/** A user on a socket, who acks nothing by themselves. */
class Actor {
  readonly userId: string;
  readonly #socket: RawSocket;
  awaited: Awaited | null = null;
  /** Of stored messages, in their order. */
  readonly stored: string[] = [];

  private constructor(userId: string, socket: RawSocket) {
    this.userId = userId;
    this.#socket = socket;
  }

  static async open({ nodes, token }: LoadTarget, userId: string, node: number): Promise<Actor> {
    const loggedIn = Promise.withResolvers<void>();
    let actor: Actor | undefined;
    const socket = await RawSocket.open(nodes[node % nodes.length] ?? '', {
      text: (payload) => {
        const text = payload.toString('latin1');
        if (text.startsWith('{"type":"login_ok"')) loggedIn.resolve();
        actor?.received(text);
      },
      turn: () => actor?.flush(),
      closed: (code) => loggedIn.reject(new Error(`${userId}: closed with ${code}`)),
    });
    actor = new Actor(userId, socket);
    socket.send(JSON.stringify({ type: 'login', token: await token(userId), deviceId: 'bench', platform: 'bench' }));
    socket.flush();
    await loggedIn.promise;
    return actor;
  }

  received(text: string): void {
    const type = text.slice(9, text.indexOf('"', 9));
    if (type === 'error') throw new Error(`${this.userId}: ${text}`);
    if (type === 'server_ack') this.stored.push(fieldOf(text, '"messageId":"'));
    if (type !== this.awaited?.type) return;
    this.awaited.left -= type === 'receipt' ? idsIn(text) : 1;
    if (this.awaited.left > 0) return;
    const { done } = this.awaited;
    this.awaited = null;
    done();
  }

  /** Resolves when `count` frames of the type have come. */
  await(type: string, count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.awaited = { type, left: count, done: resolve };
    return promise;
  }

  send(frame: object): void {
    // The socket takes ASCII.
    const text = JSON.stringify(frame);
    this.#socket.send(text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
  }

  flush(): void {
    this.#socket.flush();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Pairs who write, read, edit and react, on different nodes; both wait for what they are told. */
export class ActionLoad {
  readonly #pairs: readonly (readonly [sender: Actor, receiver: Actor])[];
  #made = 0;

  private constructor(pairs: readonly (readonly [Actor, Actor])[]) {
    this.#pairs = pairs;
  }

  static async open(target: LoadTarget, pairs: number): Promise<ActionLoad> {
    const all = Array.from({ length: pairs }, async (_, n) => {
      const sender = await Actor.open(target, `sender-${n}`, n);
      return [sender, await Actor.open(target, `reader-${n}`, n + 1)] as const;
    });
    return new ActionLoad(await Promise.all(all));
  }

  /** Each sender writes this many messages; resolves when all are stored and came. */
  async write(count: number): Promise<void> {
    for (const [sender] of this.#pairs) sender.stored.length = 0;
    await this.#each(count, ['server_ack', 'chat'], ([sender, { userId: to }]) =>
      sender.send({ type: 'chat', clientMessageId: `m${++this.#made}`, to, content: { text: 'Hello, how are you?' } }),
    );
  }

  /** Each reader acks each of their messages, in a frame of its own. */
  async ack(state: 'delivered' | 'read', count: number): Promise<void> {
    await this.#each(count, ['receipt', null], ([sender, reader], n) => {
      const messageIds = [sender.stored[n]];
      reader.send({ type: 'ack', state, ...conversation(sender, reader), messageIds });
    });
  }

  async edit(count: number): Promise<void> {
    await this.#each(count, ['action', 'action'], (pair, n) => this.#edit(pair, n));
  }

  /** Each reader reacts to each of their messages. */
  async react(count: number): Promise<void> {
    await this.#each(count, ['action', 'action'], ([sender, reader], n) => {
      const what = { ...{ type: 'action', action: 'react', actionId: `r${++this.#made}`, emoji: '👍' } };
      reader.send({ ...what, ...conversation(sender, reader), messageId: sender.stored[n] });
    });
  }

  /** The first sender edits one message so many times at once. */
  async flood(count: number): Promise<void> {
    const [pair] = this.#pairs;
    if (pair === undefined) return;
    const told = pair.map((actor) => actor.await('action', count));
    for (let n = 0; n < count; n++) this.#edit(pair, 0);
    pair[0].flush();
    await Promise.all(told);
  }

  close(): void {
    for (const actor of this.#pairs.flat()) actor.close();
  }

  #edit([sender, reader]: readonly [Actor, Actor], n: number): void {
    const content = { text: `Hello, how are you ${++this.#made}?` };
    const what = { ...{ type: 'action', action: 'edit', actionId: `e${this.#made}` }, content };
    sender.send({ ...what, ...conversation(sender, reader), messageId: sender.stored[n] });
  }

  /** In each pair `AT_ONCE` after another. `types`: the frames that sender and reader wait for. */
  async #each(
    count: number,
    types: readonly [string, string | null],
    act: (pair: readonly [Actor, Actor], n: number) => void,
  ): Promise<void> {
    await Promise.all(
      this.#pairs.map(async (pair) => {
        for (let n = 0; n < count; n += AT_ONCE) {
          const some = Math.min(AT_ONCE, count - n);
          const told = pair.flatMap((actor, index) => {
            const type = types[index];
            return type == null ? [] : [actor.await(type, some)];
          });
          for (let k = 0; k < some; k++) act(pair, n + k);
          for (const actor of pair) actor.flush();
          await Promise.all(told);
        }
      }),
    );
  }
}

/** One receipt may be of several messages. */
function idsIn(text: string): number {
  const { messageIds = [] } = JSON.parse(text) as ServerFrameOf<'receipt'>;
  return Math.max(1, messageIds.length);
}

function conversation(sender: Actor, reader: Actor): { conversationId: string } {
  return { conversationId: [sender.userId, reader.userId].sort().join('~') };
}
