import { LoadUser, type Troubles } from './load-user.ts';

/** The server under load. */
export interface LoadTarget {
  /** WebSocket addresses of the Connect nodes. */
  nodes: readonly string[];
  token(userId: string): Promise<string>;
}

export interface LoadPair {
  sender: LoadUser;
  receiver: LoadUser;
}

/** Concurrent log-ins. */
const OPENING = 100;
/** Half of the server's heartbeat interval. */
const PING_MS = 15_000;

/** The users of a bench, logged in: `pairs` senders, each on one node with its receiver on the next node. */
export class LoadCrowd implements Disposable {
  readonly pairs: readonly LoadPair[];
  readonly troubles: Troubles;
  readonly #pings: NodeJS.Timeout;

  private constructor(pairs: readonly LoadPair[], troubles: Troubles) {
    this.pairs = pairs;
    this.troubles = troubles;
    this.#pings = setInterval(() => {
      for (const user of this.#users()) user.ping();
    }, PING_MS);
  }

  /** `name` separates the users of several benches. Errors: those of `LoadUser.open`. */
  static async open(target: LoadTarget, { name, pairs }: { name: string; pairs: number }): Promise<LoadCrowd> {
    const troubles: Troubles = { counts: new Map() };
    const users = await openUsers(target, { name, count: pairs * 2, troubles });
    const paired: LoadPair[] = [];
    // The two users of a pair are on different nodes, and every node has senders: the roles alternate with each round
    // of the nodes.
    const round = Math.max(2, target.nodes.length);
    for (let i = 0; i + 1 < users.length; i += 2) {
      const [a, b] = [users[i] as LoadUser, users[i + 1] as LoadUser];
      a.pairWith(b.userId);
      b.pairWith(a.userId);
      paired.push(Math.floor(i / round) % 2 === 0 ? { sender: a, receiver: b } : { sender: b, receiver: a });
    }
    return new LoadCrowd(paired, troubles);
  }

  join(run: Parameters<LoadUser['join']>[0]): void {
    for (const user of this.#users()) user.join(run);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings);
    for (const user of this.#users()) user.close();
  }

  *#users(): Generator<LoadUser> {
    for (const { sender, receiver } of this.pairs) {
      yield sender;
      yield receiver;
    }
  }
}

/** Logs users in, spread round-robin over the nodes. */
export async function openUsers(
  { nodes, token }: LoadTarget,
  { name, count, troubles }: { name: string; count: number; troubles: Troubles },
): Promise<LoadUser[]> {
  const users: LoadUser[] = [];
  for (let start = 0; start < count; start += OPENING) {
    const some = Array.from({ length: Math.min(OPENING, count - start) }, async (_, i) => {
      const userId = `${name}-${start + i}`;
      const url = nodes[(start + i) % nodes.length] ?? '';
      return LoadUser.open({ url, token: await token(userId), userId }, troubles);
    });
    users.push(...(await Promise.all(some)));
  }
  return users;
}
