import { directConversation, HybridClock, participantsOf, type Random } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrame, ServerFrameOf, UpdateFrame } from '@chasqui/protocol';
import type { ManualClock } from './manual-clock.ts';
import { WorldGroup } from './world-group.ts';
import type { Faults, WorldPeer } from './world-peer.ts';

type Chat = ServerFrameOf<'chat'> & { to: string };

const QUIET: Faults = { lose: 0, repeat: 0, bus: 0, hint: 0, sync: 0 };

/**
 * A small model of the server side, with its promises and its faults: ids, one ordered queue per conversation, inboxes
 * with contiguous positions, live pushes that come early, late, twice or never, retracts, resets.
 */
export class World {
  readonly clock: ManualClock;
  readonly random: Random;
  readonly sessions = new Set<WorldPeer>();
  /** The group of all users. */
  readonly group: WorldGroup;
  faults: Faults = QUIET;
  /** Stored messages of each conversation, in order. */
  readonly stored = new Map<string, Chat[]>();
  readonly #inboxes = new Map<string, { epoch: string; updates: UpdateFrame[] }>();
  readonly #hints = new Map<string, string>();
  readonly #firsts = new Map<string, Chat>();
  readonly #lastId = new Map<string, string>();
  readonly #confirmed = new Map<string, number>();
  readonly #queues = new Map<string, { chat: Chat; session: WorldPeer }[]>();
  readonly #nodes: HybridClock[];
  readonly #storedAt = new Map<string, number>();

  readonly #devices: { [user: string]: string[] };

  constructor(clock: ManualClock, random: Random, devices: { [user: string]: string[] }) {
    this.#devices = devices;
    this.clock = clock;
    this.group = new WorldGroup(this, Object.keys(devices));
    this.random = random;
    const behind = [0, 700, 3_000];
    this.#nodes = behind.map((lag, tag) => new HybridClock({ now: () => clock.now() - lag, tag }));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  later(maxMs: number, what: () => void): void {
    this.clock.after(this.random() * maxMs, what);
  }

  inbox(user: string): { epoch: string; updates: UpdateFrame[] } {
    const inbox = this.#inboxes.get(user) ?? { epoch: `${user}-1`, updates: [] };
    this.#inboxes.set(user, inbox);
    return inbox;
  }

  /** The furthest position that any device of the user has confirmed. */
  confirmed(user: string): number {
    return Math.max(...this.#positions(user));
  }

  #positions(user: string): number[] {
    return (this.#devices[user] ?? []).map((device) => this.#confirmed.get(`${user}/${device}`) ?? 0);
  }

  /**
   * The log was lost and rebuilt, without some of the updates that every device has: other positions, another epoch.
   */
  renumber(user: string): void {
    const inbox = this.inbox(user);
    const dropped = Math.floor(Math.min(...this.#positions(user)) * this.random());
    const updates = inbox.updates.slice(dropped).map((update, i) => ({ ...update, position: i + 1 }));
    this.#inboxes.set(user, { epoch: `${inbox.epoch}x`, updates });
    for (const device of this.#devices[user] ?? []) this.#confirmed.delete(`${user}/${device}`);
    for (const session of this.sessions) if (session.user === user) session.end(4000);
  }

  accept(session: WorldPeer, frame: ClientFrameOf<'chat'>): void {
    const { clientMessageId, to = '', content = {} } = frame;
    if (frame.follows !== undefined && !session.accepted.has(frame.follows)) {
      session.error('predecessor_missing', clientMessageId);
      return;
    }
    session.accepted.add(clientMessageId);
    const key = `${session.user}/${clientMessageId}`;
    const hint = this.chance(this.faults.hint) ? undefined : this.#hints.get(key);
    const messageId = hint ?? (this.#nodes[session.node] as HybridClock).next(frame.after);
    this.#hints.set(key, messageId);
    const chat: Chat = {
      type: 'chat',
      messageId,
      conversationId: directConversation(session.user, to),
      from: session.user,
      fromDevice: 'd',
      to,
      clientMessageId,
      kind: 'c2c',
      content,
      sentAt: this.clock.now(),
    };
    this.push(to, chat);
    this.#publish(session, chat);
  }

  /** Publishes in the order of the conversation: a failure also fails every message queued behind it. */
  #publish(session: WorldPeer, chat: Chat): void {
    const queue = this.#queues.get(chat.conversationId) ?? [];
    this.#queues.set(chat.conversationId, queue);
    queue.push({ chat, session });
    if (queue.length === 1) this.#publishNext(queue);
  }

  #publishNext(queue: { chat: Chat; session: WorldPeer }[]): void {
    this.later(30, () => {
      const fails = this.chance(this.faults.bus);
      for (const [index, { chat, session }] of queue.splice(0, fails ? queue.length : 1).entries()) {
        if (!fails || (index === 0 && this.chance(0.5))) this.#store(session, chat);
        if (fails) {
          session.accepted.delete(chat.clientMessageId);
          session.error('bus_unavailable', chat.clientMessageId);
          const { messageId, conversationId } = chat;
          this.push(chat.to, { type: 'retract', messageId, conversationId });
        } else {
          const { messageId, conversationId, clientMessageId } = chat;
          session.push({ type: 'send_ack', clientMessageId, messageId, conversationId });
        }
      }
      if (queue.length > 0) this.#publishNext(queue);
    });
  }

  /** Stores after a delay, in order. */
  #store(session: WorldPeer, chat: Chat): void {
    const { conversationId } = chat;
    const now = this.clock.monotonic();
    const at = Math.max(this.#storedAt.get(conversationId) ?? 0, now + this.random() * this.random() * 3_000);
    this.#storedAt.set(conversationId, at);
    this.clock.after(at - now, () => this.#record(session, chat));
  }

  #record(session: WorldPeer, chat: Chat): void {
    const { clientMessageId, conversationId, from, to } = chat;
    const key = `${from}/${clientMessageId}`;
    let first = this.#firsts.get(key);
    if (first === undefined) {
      const device = `${conversationId}/${from}/${session.device}`;
      const last = this.#lastId.get(device) ?? '';
      const messageId = chat.messageId > last ? chat.messageId : (this.#nodes[0] as HybridClock).next(last);
      first = { ...chat, messageId };
      this.#lastId.set(device, messageId);
      this.#firsts.set(key, first);
      this.stored.set(conversationId, [...(this.stored.get(conversationId) ?? []), first]);
      this.append(from, first);
      this.append(to, first);
    }
    const replaces = chat.messageId === first.messageId ? {} : { replaces: chat.messageId };
    const { messageId } = first;
    const ack = { clientMessageId, messageId, conversationId, ...replaces };
    const [own, theirs] = [this.#place(from, first), this.#place(to, first)];
    if (own > 0 && !this.chance(this.faults.lose)) session.push({ type: 'server_ack', position: own, ...ack });
    if (theirs > 0) this.push(to, { type: 'stored', position: theirs, messageId, conversationId, ...replaces });
  }

  /** Returns 0 when the message is no longer in the log. */
  #place(user: string, chat: Chat): number {
    const same = (update: UpdateFrame) => update.type === 'chat' && update.messageId === chat.messageId;
    return this.inbox(user).updates.findIndex(same) + 1;
  }

  append<T extends UpdateFrame>(user: string, update: T): T {
    const { updates } = this.inbox(user);
    const placed = { ...update, position: updates.length + 1 };
    updates.push(placed);
    return placed;
  }

  delivered(by: string, conversationId: string, messageIds: string[]): void {
    const known = messageIds.filter((id) => this.stored.get(conversationId)?.some((chat) => chat.messageId === id));
    if (known.length === 0) return;
    const at = this.clock.now();
    const receipt = { type: 'receipt', conversationId, state: 'delivered', messageIds: known, by, at } as const;
    this.#tellOthers(by, receipt);
  }

  #tellOthers(by: string, receipt: ServerFrameOf<'receipt'>): void {
    for (const user of participantsOf(receipt.conversationId)) {
      if (user !== by) this.push(user, this.append(user, receipt));
    }
  }

  read(by: string, conversationId: string, upTo: string): void {
    const at = this.clock.now();
    this.push(by, this.append(by, { type: 'read', conversationId, upTo, at }));
    this.#tellOthers(by, { type: 'receipt', conversationId, state: 'read', upTo, by, at });
  }

  confirm(user: string, device: string, position: number): void {
    const before = this.confirmed(user);
    const now = Math.min(position, this.inbox(user).updates.length);
    this.#confirmed.set(`${user}/${device}`, now);
    for (const update of this.inbox(user).updates.slice(before, now)) {
      if (update.type === 'chat' && update.to === user) this.delivered(user, update.conversationId, [update.messageId]);
    }
  }

  /** Pushes to every session of a user but one, each with its own delay. */
  push(user: string, frame: ServerFrame, except?: WorldPeer): void {
    for (const session of this.sessions) {
      if (session.user !== user || session === except || this.chance(this.faults.lose)) continue;
      this.later(50, () => session.push(frame));
      if (this.chance(this.faults.repeat)) this.later(400, () => session.push(frame));
    }
  }
}
