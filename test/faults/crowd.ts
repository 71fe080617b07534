import { setTimeout as pause } from 'node:timers/promises';
import { groupLog, inboxOf, isCurrent, type Mentions } from '@chasqui/domain';
import type { GroupEngines } from '../checker/groups/outcome.ts';
import type { History, SentFrame } from '../checker/index.ts';
import type { ProcessCluster } from '../cluster/process-cluster.ts';
import { Device } from './device.ts';
import { GROUPS, GroupCalls } from './group-calls.ts';

/** Longer than any pause between two actions of a user, in ms. */
const MAX_PAUSE_MS = 500;

/**
 * Users who talk in the same two groups, connect and disconnect, while the owners change who is in the groups and who may
 * post. The first of each pair has two devices.
 */
export class Crowd implements Disposable {
  readonly users: readonly string[];
  readonly devices: readonly Device[];
  readonly frames: SentFrame[];
  readonly calls: GroupCalls;
  readonly #random: () => number;
  #talking = true;
  #written = 0;

  private constructor(parts: Pick<Crowd, 'users' | 'devices' | 'frames' | 'calls'>, random: () => number) {
    this.users = parts.users;
    this.devices = parts.devices;
    this.frames = parts.frames;
    this.calls = parts.calls;
    this.#random = random;
  }

  static async invite(cluster: ProcessCluster, history: History, pairs: number, random: () => number) {
    const users = Array.from({ length: pairs * 2 }, (_, n) => `user${n}`);
    const tokens = new Map<string, string>();
    for (const user of users) tokens.set(user, await cluster.token(user));
    const calls = new GroupCalls(cluster.apiUrl, tokens, history);
    for (const [n, conversationId] of GROUPS.entries()) {
      const [by = ''] = users.slice(n);
      const members = users.filter((user) => user !== by);
      const profile = { name: conversationId, description: '', picture: '', settings: {} };
      await calls.ask(by, { change: 'create', conversationId, details: { ...profile, members } });
    }
    const frames: SentFrame[] = [];
    const devices = users.flatMap((user, n) =>
      (n % 2 === 0 ? ['phone', 'laptop'] : ['phone']).map((deviceId) => {
        const token = tokens.get(user) ?? '';
        return new Device({ user, deviceId, token, urls: cluster.wsUrls, history, groups: { ids: GROUPS, frames } });
      }),
    );
    for (const device of devices) device.open();
    return new Crowd({ users, devices, frames, calls }, random);
  }

  /** How many messages were written. */
  get written(): number {
    return this.#written;
  }

  /** Until `stop`. */
  async talk(): Promise<void> {
    await Promise.all([...this.devices.map((device) => this.#live(device)), this.#manage()]);
  }

  stop(): void {
    this.#talking = false;
    for (const device of this.devices) device.open();
  }

  /** Everybody logs in anew, and is told the counts of their groups. */
  reopen(): void {
    for (const device of this.devices) device.close();
    for (const device of this.devices) device.open();
  }

  /** A text that differs while anything moves; null: a device has not everything yet. */
  async restingPlace({ logs, groups }: GroupEngines): Promise<string | null> {
    const keys = GROUPS.flatMap((conversationId) => this.users.map((userId) => ({ conversationId, userId })));
    const members = (await groups.members(keys)).filter(isCurrent);
    const heads = new Map<string, number>();
    for (const log of [...this.users.map(inboxOf), ...GROUPS.map(groupLog)]) {
      heads.set(log, (await logs.page(log, 0, 1)).head);
    }
    const headOf = (log: string) => heads.get(log) ?? 0;
    const isThere = this.devices.every((device) => {
      const own = members.filter(({ userId }) => userId === device.user);
      const isBehind = own.some(({ conversationId: id }) => device.positionIn(id) < headOf(groupLog(id)));
      return !isBehind && device.isSettled(headOf(inboxOf(device.user)));
    });
    return isThere ? [...heads.values()].join() : null;
  }

  [Symbol.dispose](): void {
    for (const device of this.devices) device.close();
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  async #live(device: Device): Promise<void> {
    while (this.#talking) {
      const dice = this.#random();
      const conversationId = this.#pick(GROUPS);
      if (device.client === null) {
        if (dice < 0.2) device.open();
      } else if (dice < 0.01) device.close();
      else if (dice < 0.2) device.client.markRead({ conversationId });
      else if (dice < 0.8) {
        const text = `from ${device.name.replace('/', ' ')} word${this.#written++}x`;
        device.post(conversationId, text, this.#mentions());
      }
      await pause(this.#random() * MAX_PAUSE_MS);
    }
  }

  #mentions(): Mentions | undefined {
    const dice = this.#random();
    if (dice < 0.8) return undefined;
    return dice < 0.85 ? 'all' : [...new Set([this.#pick(this.users), this.#pick(this.users)])];
  }

  /** The owners remove, add and mute the others; at times somebody leaves. */
  async #manage(): Promise<void> {
    while (this.#talking) {
      await pause(200 + this.#random() * 800);
      const n = Math.floor(this.#random() * GROUPS.length);
      const [conversationId = '', owner = ''] = [GROUPS[n], this.users[n]];
      const userId = this.#pick(this.users.filter((user) => user !== owner));
      const dice = this.#random();
      const until = dice < 0.9 ? Date.now() + 2_000 : 0;
      if (dice < 0.3) await this.calls.ask(owner, { change: 'remove', conversationId, details: { users: [userId] } });
      else if (dice < 0.7) await this.calls.ask(owner, { change: 'add', conversationId, details: { users: [userId] } });
      else if (dice < 0.8) await this.calls.ask(userId, { change: 'leave', conversationId, details: {} });
      else await this.calls.ask(owner, { change: 'mute', conversationId, details: { userId, until } });
    }
  }
}
