import type { LoadTarget } from '@chasqui/app-cli/load';
import { type Arrivals, GroupUser } from './group-user.ts';

/** Concurrent log-ins. */
const OPENING = 50;
/** Half of the server's heartbeat interval. */
const PING_MS = 15_000;
/** Members who send, half of them on each node. */
const SENDERS = 16;

/** Members of groups who are online, spread over the nodes. */
export class GroupCrowd implements Disposable {
  readonly users: readonly GroupUser[];
  #arrivals: Arrivals | null = null;
  readonly #pings: NodeJS.Timeout;

  private constructor(users: GroupUser[]) {
    this.users = users;
    this.#pings = setInterval(() => {
      for (const user of users) user.send('{"type":"ping"}');
    }, PING_MS);
  }

  /** `userIds`: those who log in. Errors: those of `GroupUser.open`. */
  static async open({ nodes, token }: LoadTarget, userIds: readonly string[]): Promise<GroupCrowd> {
    const users: GroupUser[] = [];
    const crowd = new GroupCrowd(users);
    const arrivals: Arrivals = {
      chat: (id) => crowd.#arrivals?.chat(id),
      queued: (id) => crowd.#arrivals?.queued(id),
      stored: (id) => crowd.#arrivals?.stored(id),
      refused: (id, code) => crowd.#arrivals?.refused(id, code),
      other: (what) => crowd.#arrivals?.other(what),
    };
    for (let start = 0; start < userIds.length; start += OPENING) {
      const some = userIds.slice(start, start + OPENING).map(async (userId, i) => {
        const url = nodes[(start + i) % nodes.length] ?? '';
        return GroupUser.open({ url, token: await token(userId), userId }, arrivals);
      });
      users.push(...(await Promise.all(some)));
    }
    return crowd;
  }

  /** Who counts what comes from now on. */
  set arrivals(arrivals: Arrivals | null) {
    this.#arrivals = arrivals;
  }

  /** Senders take turns. */
  sender(number: number): GroupUser {
    const user = this.users[number % Math.min(SENDERS, this.users.length)];
    if (user === undefined) throw new Error('nobody is online');
    return user;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings);
    for (const user of this.users) user.close();
  }
}
