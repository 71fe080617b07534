import { BoundedMap, type ConversationId, defined, groupOf, type LogId, type MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from '../basics/alarm.ts';
import { setNewest } from '../basics/newest.ts';
import { type ConversationKey, keyOfId } from '../conversations/direct.ts';
import type { Shown } from '../conversations/shown-messages.ts';
import type { Core } from '../core.ts';
import type { Unsent } from '../storing/stored-values.ts';
import { GroupHeads } from './group-heads.ts';
import { GroupList } from './group-list.ts';
import { GroupLog } from './group-log.ts';
import type { GroupHost, GroupPart } from './group-part.ts';
import { type LogPosition, StoredGroups } from './stored-groups.ts';

/** Retracts of messages that may come later. Beyond: the oldest are forgotten, and such a message is shown for a while. */
const MAX_RETRACTED = 1_000;

/** The user's groups: the heads of all, and the logs of those that are open. */
export class Groups implements Omit<GroupPart, 'calls' | 'frames'> {
  readonly list: GroupList;
  readonly heads: GroupHeads;
  readonly #core: Core;
  readonly #host: GroupHost;
  readonly #stored: StoredGroups;
  /** The one that was opened longest ago first. */
  readonly #open = new Map<ConversationId, GroupLog>();
  readonly #positions: BoundedMap<ConversationId, LogPosition>;
  /** Read up to messages whose ids may still change. */
  readonly #reading: BoundedMap<ConversationId, Shown>;
  /** What was refused is refused for good: its push may still be on its way. */
  readonly #retracted = new BoundedMap<MessageId, true>(MAX_RETRACTED);
  readonly #settle: Alarm;
  #count = 0;

  constructor(host: GroupHost) {
    const { core } = host;
    this.#core = core;
    this.#host = host;
    this.#stored = new StoredGroups(core.durable);
    const { maxGroupPositions, maxReads } = core.limits;
    this.#settle = new Alarm(core.clock, () => this.settle());
    this.#reading = new BoundedMap(maxReads);
    this.#positions = new BoundedMap(maxGroupPositions, {
      evicted: (group) => this.#stored.notePosition(group, null),
    });
    for (const [group, position] of this.#stored.positions()) this.#positions.set(group, position);
    this.list = new GroupList(core, this.#stored, () => this.#listed());
    this.heads = new GroupHeads(core, this.#stored, this.list);
  }

  login(ref: string): ReturnType<GroupList['login']> {
    return this.list.login(ref);
  }

  refused(frame: ServerFrameOf<'error'>): boolean {
    return this.list.refused(frame);
  }

  log(group: ConversationId): GroupLog | undefined {
    return this.#open.get(group);
  }

  /** The inbox always is; of a group, the log while it is open. */
  isSynced(log: LogId): boolean {
    const group = groupOf(log);
    return group === null || this.#open.has(group);
  }

  /** Keeps the group's log synced. Beyond the bound, the one that was opened longest ago closes. */
  open(group: ConversationId): void {
    const log = this.#open.get(group) ?? this.#newLog(group);
    this.#open.delete(group);
    this.#open.set(group, log);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= this.#core.limits.maxOpenGroups) break;
      this.close(oldest);
    }
  }

  close(group: ConversationId): void {
    const log = this.#open.get(group);
    if (log === undefined) return;
    this.settle();
    log.offline();
    this.#open.delete(group);
    this.#release(group);
  }

  unanswered(...[outbox, queuedBy, now]: Parameters<GroupPart['unanswered']>): Unsent[] {
    const late = [...outbox.queuedAt].filter(([, at]) => at <= queuedBy).flatMap(([id]) => outbox.unsent.get(id) ?? []);
    const some = late.filter(({ to }) => groupOf(to) !== null).slice(0, this.#core.limits.maxInFlight);
    for (const { clientMessageId } of some) setNewest(outbox.queuedAt, clientMessageId, now);
    return some;
  }

  markRead(key: ConversationKey, last?: MessageId): boolean {
    const group = groupOf(key);
    if (group === null) return false;
    const upTo = last ?? this.heads.get(group)?.lastMessageId;
    if (upTo !== undefined) this.#markRead(group, upTo);
    return true;
  }

  #markRead(group: ConversationId, upTo: MessageId): void {
    const shown = this.#core.shown.findId(upTo);
    if (shown?.position !== null) {
      this.#host.mark(group, upTo);
      return;
    }
    this.#reading.set(group, shown);
    const { messages = [] } = this.#core.timeline.peek(keyOfId(group)) ?? {};
    const before = messages.findLast(({ sortKey, mine, provisional }) => !mine && !provisional && sortKey < upTo);
    if (before !== undefined) this.#host.mark(group, before.sortKey);
  }

  read(group: ConversationId, upTo: MessageId): void {
    this.heads.read(group, upTo);
  }

  live(frame: ServerFrameOf<'chat' | 'recall' | 'action' | 'notice'>): void {
    if (frame.type === 'chat' && frame.position === undefined && this.#retracted.get(frame.messageId)) return;
    if (frame.type === 'chat' && !this.#isLateCopy(frame)) this.heads.message(frame.conversationId, frame);
    const log = this.#open.get(frame.conversationId);
    this.heads.edited(frame);
    if (frame.type === 'action' && this.#core.actions?.lacks(frame)) log?.syncer.request();
    else if (log !== undefined) log.receiver.live(frame);
    else if (frame.type === 'notice') this.#noticed(frame);
    else if (frame.type === 'recall') this.#recalled(frame);
    else if (frame.type === 'action') this.#core.actions?.told(frame);
  }

  /** A copy of a message that has its place in the log: nothing will confirm the copy, and it must not count. */
  #isLateCopy({ position, from, clientMessageId }: ServerFrameOf<'chat'>): boolean {
    const known = this.#core.shown.find(from, clientMessageId);
    return position === undefined && known !== undefined && known.position !== null;
  }

  stored({ conversationId, messages }: ServerFrameOf<'stored_messages'>): void {
    for (const message of messages) {
      this.heads.stored(conversationId, message);
      this.#open.get(conversationId)?.receiver.stored(message);
    }
  }

  retract(frame: ServerFrameOf<'retract'>): void {
    this.#retracted.set(frame.messageId, true);
    this.heads.retracted(frame.conversationId, frame.messageId);
    this.#open.get(frame.conversationId)?.receiver.retract(frame);
  }

  /** An own message is stored. */
  acked({ conversationId, messageId, position }: ServerFrameOf<'server_ack'>): void {
    const message = this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId);
    if (message !== undefined) this.heads.message(conversationId, { ...message, messageId, position });
    const log = this.#open.get(conversationId);
    if (log === undefined) this.#release(conversationId);
    else log.receiver.stored({ messageId, position });
  }

  page(frame: ServerFrameOf<'log_updates'>): void {
    const { conversationId, updates } = frame;
    for (const update of updates) {
      if (update.type === 'chat') this.heads.message(conversationId, update);
      else this.heads.edited(update);
    }
    this.#open.get(conversationId)?.syncer.page(frame);
    this.#moved();
  }

  told(frame: ServerFrameOf<'groups'>): void {
    for (const head of frame.groups) {
      this.heads.told(head);
      this.#open.get(head.conversationId)?.head(head);
    }
    this.#moved();
    this.list.page(frame);
  }

  readMark({ conversationId, by, upTo, at }: ServerFrameOf<'read_mark'>): void {
    this.#open.get(conversationId)?.readBy(by, upTo);
    this.#core.emitter.emit('readMark', { conversationId, by, upTo, at });
  }

  membership({ type: _, position: __, ...membership }: ServerFrameOf<'membership'>): void {
    const { conversationId } = membership;
    this.heads.membership(membership);
    if (membership.role === undefined && this.heads.get(conversationId)?.role === undefined) this.close(conversationId);
    this.#core.emitter.emit('membership', membership);
  }

  /** Returns true if the error answers a request for groups or for a log. */
  error(frame: ServerFrameOf<'error'>): boolean {
    if (frame.ref?.startsWith('#log/')) {
      for (const log of [...this.#open.values()]) log.syncer.error(frame);
      return true;
    }
    return this.list.error(frame);
  }

  /** The node may have missed something. */
  syncNeeded(): void {
    for (const { syncer } of this.#open.values()) syncer.request();
    this.list.want();
  }

  online(): void {
    this.list.online();
    if (!this.list.isOnline) return;
    for (const [group, log] of this.#open) log.online(this.heads.get(group));
  }

  offline(): void {
    this.settle();
    this.list.offline();
    for (const log of this.#open.values()) log.offline();
  }

  /** Another user logged in. */
  forget(): void {
    for (const log of this.#open.values()) log.offline();
    this.#open.clear();
    this.#positions.clear();
    this.#reading.clear();
    this.heads.clear();
    this.list.forget();
  }

  /** Persists the positions, and tells the server of marks whose messages have their final ids. */
  settle(): void {
    this.#settle.clear();
    const { durable, shown, clock } = this.#core;
    for (const [group, { tracker, hasPosition }] of this.#open) {
      const { position, epoch } = tracker;
      const kept = this.#positions.get(group);
      if (!hasPosition || (kept?.position === position && kept.epoch === epoch)) continue;
      shown.covered(group, position);
      const now: LogPosition = { position, ...defined({ epoch }), at: clock.now() };
      this.#positions.set(group, now);
      this.#stored.notePosition(group, now);
    }
    durable.flush();
    for (const [group, { position, ids }] of this.#reading) {
      if (position === null) continue;
      this.#reading.delete(group);
      if (ids[0] !== undefined) this.#host.mark(group, ids[0]);
    }
  }

  #newLog(group: ConversationId): GroupLog {
    const log = new GroupLog(this.#core, group, {
      kept: this.#positions.use(group),
      ref: `#log/${++this.#count}/`,
      moved: () => this.#moved(),
      happened: (frame) => {
        if (frame.type !== 'notice') return;
        log.noted(frame);
        this.#noticed(frame);
      },
      recalled: (messageId) => this.heads.changed(group, messageId, {}),
      dropped: (messageId) => this.heads.retracted(group, messageId),
      refused: () => this.close(group),
    });
    if (this.list.isOnline) log.online(this.heads.get(group));
    return log;
  }

  #moved(): void {
    this.#settle.set(this.#core.limits.ackDelayMs);
  }

  #noticed({ type: _, ...notice }: ServerFrameOf<'notice'>): void {
    this.heads.notice(notice);
    this.#core.emitter.emit('notice', notice);
  }

  #recalled({ conversationId, messageId, by, at }: ServerFrameOf<'recall'>): void {
    this.heads.changed(conversationId, messageId, {});
    this.#core.recalls?.done(messageId);
    this.#core.emitter.emit('recall', { peer: '', conversationId, messageId, by, at });
  }

  /** The group's log is not synced: nothing will confirm its provisional messages, and nothing brings others again. */
  #release(group: ConversationId): void {
    const { shown, timeline } = this.#core;
    for (const entry of shown.provisional(group)) {
      shown.forget(entry);
      const [id] = entry.ids;
      if (id !== undefined) timeline.retract(entry.conversation, id);
    }
    shown.covered(group, Number.POSITIVE_INFINITY);
  }

  #listed(): void {
    this.heads.listed();
    const groups = new Set(this.#core.shown.open.map(({ conversation }) => groupOf(conversation)));
    for (const group of groups) if (group !== null && !this.#open.has(group)) this.#release(group);
    this.#core.durable.flush();
    this.#core.emitter.emit('groups', {});
  }
}
