import { HybridClock, type Role } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrame, ServerFrameOf, UpdateFrame } from '@chasqui/protocol';
import type { GroupWorld, WorldPeer } from './world-peer.ts';

type Chat = ServerFrameOf<'chat'>;
type Body<T> = T extends { position?: number } ? Omit<T, 'position'> : never;

/** One group of the world: a log whose ids rise with its positions, live pushes once the bus has a message, refusals. */
export class WorldGroup {
  readonly id = 'team';
  readonly members = new Map<string, Role>();
  log: UpdateFrame[] = [];
  readonly #world: GroupWorld;
  readonly #firsts = new Map<string, Chat | 'refused'>();
  readonly #hints = new Map<string, string>();
  readonly #marks = new Map<string, string>();
  readonly #nodes: HybridClock[];
  #queue: { chat: Chat; session: WorldPeer }[] = [];
  #storedAt = 0;
  #epoch = 'g';
  #version = 1;
  #updatedAt = 0;

  constructor(world: GroupWorld, users: readonly string[]) {
    this.#world = world;
    for (const user of users) this.members.set(user, 'member');
    this.#nodes = [0, 700, 3_000].map((lag, tag) => new HybridClock({ now: () => world.clock.now() - lag, tag }));
  }

  /** In the order of the log. */
  get messages(): Chat[] {
    return this.log.filter((update) => update.type === 'chat');
  }

  accept(session: WorldPeer, frame: ClientFrameOf<'chat'>): void {
    const { clientMessageId, content = {}, mentions, follows } = frame;
    if (follows !== undefined && !session.accepted.has(follows)) {
      session.error('predecessor_missing', clientMessageId);
      return;
    }
    session.accepted.add(clientMessageId);
    const key = `${session.user}/${clientMessageId}`;
    const hint = this.#world.chance(this.#world.faults.hint) ? undefined : this.#hints.get(key);
    const messageId = hint ?? (this.#nodes[session.node] as HybridClock).next(frame.after);
    this.#hints.set(key, messageId);
    const chat: Chat = {
      ...{ type: 'chat', messageId, conversationId: this.id, from: session.user, fromDevice: 'd', clientMessageId },
      ...{ kind: 'group', content, sentAt: this.#world.clock.now(), ...(mentions === undefined ? {} : { mentions }) },
    };
    this.#queue.push({ chat, session });
    if (this.#queue.length === 1) this.#publishNext();
  }

  /** A failure also fails every message queued behind it. */
  #publishNext(): void {
    const world = this.#world;
    world.later(30, () => {
      const fails = world.chance(world.faults.bus);
      const batch = this.#queue.splice(0, fails ? this.#queue.length : 1);
      for (const [index, { chat, session }] of batch.entries()) {
        const { messageId, clientMessageId } = chat;
        if (!fails || (index === 0 && world.chance(0.5))) this.#later(() => this.#record(session, chat));
        if (fails) {
          session.accepted.delete(clientMessageId);
          session.error('bus_unavailable', clientMessageId);
        } else {
          session.push({ type: 'send_ack', clientMessageId, messageId, conversationId: this.id });
          this.#push(chat, session);
        }
      }
      if (this.#queue.length > 0) this.#publishNext();
    });
  }

  /** What is done to the log, in order. */
  #later(what: () => void): void {
    const { clock, random } = this.#world;
    const now = clock.monotonic();
    this.#storedAt = Math.max(this.#storedAt, now + random() * random() * 3_000);
    clock.after(this.#storedAt - now, what);
  }

  #record(session: WorldPeer, chat: Chat): void {
    const { clientMessageId, from, messageId: provisional } = chat;
    const conversationId = this.id;
    const key = `${from}/${clientMessageId}`;
    let first = this.#firsts.get(key);
    if (first === undefined && !this.members.has(from)) first = 'refused';
    if (first === undefined) {
      const last = this.messages.at(-1)?.messageId ?? '';
      const messageId = provisional > last ? provisional : (this.#nodes[0] as HybridClock).next(last);
      first = { ...chat, messageId };
      this.append(first);
    }
    this.#firsts.set(key, first);
    if (first === 'refused') {
      session.error('not_a_member', clientMessageId);
      this.#push({ type: 'retract', messageId: provisional, conversationId });
      return;
    }
    const { messageId } = first;
    const position = this.log.findIndex((update) => update.type === 'chat' && update.messageId === messageId) + 1;
    const replaces = provisional === messageId ? {} : { replaces: provisional };
    if (!this.#world.chance(this.#world.faults.lose)) {
      session.push({ type: 'server_ack', clientMessageId, messageId, conversationId, position, ...replaces });
    }
    const messages = [{ messageId, position, ...replaces }];
    this.#push({ type: 'stored_messages', conversationId, messages }, session);
  }

  append(update: Body<UpdateFrame>): void {
    this.log.push({ ...update, position: this.log.length + 1 } as UpdateFrame);
    this.#updatedAt = this.#world.clock.now();
  }

  /** Takes a member out, or in again. */
  toggle(user: string): void {
    this.#later(() => {
      const at = this.#world.clock.now();
      const isMember = this.members.delete(user);
      if (!isMember) this.members.set(user, 'member');
      const version = ++this.#version;
      const group = { conversationId: this.id, by: 'amy', version, at };
      const happened = isMember ? 'removed' : 'joined';
      const notice: Body<ServerFrameOf<'notice'>> = { type: 'notice', notice: happened, users: [user], ...group };
      this.append(notice);
      this.#push({ ...notice, position: this.log.length });
      const event = isMember ? { event: 'removed' } : { event: 'added', role: 'member' };
      const told = { type: 'membership', ...event, ...group } as ServerFrameOf<'membership'>;
      this.#world.push(user, this.#world.append(user, told));
    });
  }

  /** The log was lost and rebuilt without its notices: other positions, another epoch. */
  renumber(): void {
    this.log = this.messages.map((update, i) => ({ ...update, position: i + 1 }));
    this.#epoch += 'x';
    this.#updatedAt = this.#world.clock.now();
    for (const session of this.#world.sessions) session.end(4000);
  }

  read(user: string, upTo: string): void {
    if (upTo <= (this.#marks.get(user) ?? '')) return;
    this.#marks.set(user, upTo);
    this.#world.push(
      user,
      this.#world.append(user, { type: 'read', conversationId: this.id, upTo, at: this.#world.clock.now() }),
    );
  }

  head(user: string): ServerFrameOf<'groups'>['groups'][number] {
    const last = this.messages.at(-1);
    const readUpTo = this.#marks.get(user);
    const role = this.members.get(user);
    const unread = this.messages.filter(({ from, messageId }) => from !== user && messageId > (readUpTo ?? ''));
    const mentioned = unread.filter(({ mentions }) => mentions === 'all' || mentions?.includes(user));
    return {
      ...{ conversationId: this.id, name: 'Team', picture: '', version: this.#version, memberCount: this.members.size },
      ...(role === undefined ? {} : { role }),
      ...{ head: this.log.length, epoch: this.#epoch, preview: last?.content?.text ?? '', updatedAt: this.#updatedAt },
      ...(last === undefined ? {} : { lastMessageId: last.messageId, lastFrom: last.from }),
      ...(readUpTo === undefined ? {} : { readUpTo }),
      ...{ unread: role ? unread.length : 0, mentions: role ? mentioned.length : 0 },
    };
  }

  sendHead(session: WorldPeer, since: number, ref: string): void {
    const groups = this.#updatedAt >= since ? [this.head(session.user)] : [];
    session.push({ type: 'groups', groups, cursor: Math.max(since, this.#updatedAt - 60_000), ref });
  }

  page(
    session: WorldPeer,
    { position: asked, epoch: askedEpoch, ref = '' }: ClientFrameOf<'sync'>,
    size: number,
  ): void {
    const epoch = this.#epoch;
    const reset = asked > this.log.length || (asked > 0 && askedEpoch !== undefined && askedEpoch !== epoch);
    const from = reset ? 0 : asked;
    const updates = this.log.slice(from, from + size);
    const position = from + updates.length;
    const caughtUp = position === this.log.length;
    const page = { updates, position, epoch, caughtUp, ref, ...(reset ? { reset } : {}) };
    this.#world.later(20, () => session.push({ type: 'log_updates', conversationId: this.id, ...page }));
  }

  #push(frame: ServerFrame, except?: WorldPeer): void {
    for (const user of this.members.keys()) this.#world.push(user, frame, except);
  }
}
