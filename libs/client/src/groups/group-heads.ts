import { BoundedMap, type ConversationId, defined, type MessageContent, type MessageId } from '@chasqui/domain';
import type { ServerFrameOf, UpdateFrame } from '@chasqui/protocol';
import { keyOfId } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { GroupList } from './group-list.ts';
import type { GroupHead, Notice } from './group-news.ts';
import { type HeadMessage, LiveHead } from './live-head.ts';
import { mentionsUser } from './mentions.ts';
import type { StoredGroups } from './stored-groups.ts';

/** The heads of the user's groups, with every change as an event. What is not certain is requested. */
export class GroupHeads {
  readonly #core: Core;
  readonly #stored: StoredGroups;
  readonly #list: Pick<GroupList, 'want'>;
  /** Null: the user removed the group from their lists. A page that was read before is not taken, as none comes back. */
  readonly #heads: BoundedMap<ConversationId, LiveHead | null>;

  constructor(core: Core, stored: StoredGroups, list: Pick<GroupList, 'want'>) {
    this.#core = core;
    this.#stored = stored;
    this.#list = list;
    const evicted = (group: ConversationId) => stored.noteHead(group, null);
    this.#heads = new BoundedMap(core.limits.maxGroups, { evicted });
    for (const head of stored.heads()) this.#heads.set(head.conversationId, new LiveHead(core.userId, head));
  }

  get(group: ConversationId): GroupHead | undefined {
    return this.#heads.get(group)?.head;
  }

  /** Most recently updated first. */
  all(): GroupHead[] {
    const heads = [...this.#heads.values()].flatMap((live) => live?.head ?? []);
    return heads.sort((a, b) => b.updatedAt - a.updatedAt || (a.conversationId < b.conversationId ? 1 : -1));
  }

  clear(): void {
    this.#heads.clear();
  }

  told(head: GroupHead): void {
    const known = this.#heads.get(head.conversationId);
    if (known === undefined) {
      this.#heads.set(head.conversationId, new LiveHead(this.#core.userId, head));
      this.#changed(head.conversationId);
      return;
    }
    // Read before the last notice came: the next page says what holds.
    const isOld = known?.head.epoch === head.epoch && known.head.version > head.version;
    if (isOld) this.#list.want();
    else this.#change(head.conversationId, (live) => live.told(head));
  }

  message(group: ConversationId, message: HeadMessage): void {
    if (this.#heads.get(group) === undefined) this.#list.want();
    this.#change(group, (live) => live.message(message, this.#core.clock.now()));
  }

  stored(group: ConversationId, { messageId, replaces = messageId }: StoredMessage): void {
    this.#change(group, (live) => live.stored(replaces, messageId));
  }

  retracted(group: ConversationId, messageId: MessageId): void {
    this.#change(group, (live) => live.retracted(messageId));
  }

  /** As `LiveHead.changed`. */
  changed(group: ConversationId, messageId: MessageId, content: MessageContent): void {
    this.#change(group, (live) => live.changed(messageId, content));
  }

  /** The preview follows an edit, also in a group that is not open, and whom it mentions has one mention more. */
  edited(update: UpdateFrame): void {
    if (update.type !== 'action' || update.content === undefined) return;
    const { conversationId, messageId, content, mentions, by } = update;
    this.changed(conversationId, messageId, content);
    const { userId, timeline } = this.#core;
    if (by === userId || !mentionsUser(mentions, userId)) return;
    const known = timeline.peek(keyOfId(conversationId))?.find(messageId);
    if (!mentionsUser(known?.mentions, userId)) this.#change(conversationId, (live) => live.named(messageId));
  }

  read(group: ConversationId, upTo: MessageId): void {
    const messages = this.#core.timeline.peek(keyOfId(group))?.messages;
    this.#change(group, (live) => live.read(upTo, messages));
  }

  notice({ conversationId, notice, users = [], values = {}, version }: Notice): void {
    const head = this.get(conversationId);
    if (head === undefined || version <= head.version) return;
    const { name, picture } = values;
    const sign = notice === 'joined' ? 1 : notice === 'removed' || notice === 'left' ? -1 : 0;
    const memberCount = head.memberCount + sign * users.length;
    this.#change(conversationId, (live) => live.change({ version, memberCount, ...defined({ name, picture }) }));
    if (version > head.version + 1) this.#list.want(head.updatedAt - 1);
  }

  /** All news have come: what is provisional for long was not stored. */
  listed(): void {
    const { clock, limits } = this.#core;
    const before = clock.now() - limits.provisionalGraceMs;
    for (const [group] of this.#heads) this.#change(group, (live) => live.expire(before));
  }

  membership({ conversationId, event, role, version, at }: Omit<ServerFrameOf<'membership'>, 'type'>): void {
    if (event === 'request' || event === 'declined') return;
    const head = this.get(conversationId);
    if (head !== undefined && version < head.version) return;
    if (event === 'unlisted') {
      this.#heads.set(conversationId, null);
      this.#changed(conversationId);
    } else if (role === undefined) this.#change(conversationId, (live) => live.left({ version }));
    else {
      this.#change(conversationId, (live) => live.change({ version, role }));
      // How long it is muted, and what else is new to who was added.
      this.#list.want(Math.min(head?.updatedAt ?? at, at) - 1);
    }
  }

  /** `change` returns false if the counts are not certain. */
  #change(group: ConversationId, change: (live: LiveHead) => unknown): void {
    const live = this.#heads.get(group);
    if (!live) return;
    const { head } = live;
    const isCertain = change(live);
    if (live.head !== head) this.#changed(group);
    if (isCertain === false) this.#list.want(head.updatedAt - 1);
  }

  #changed(group: ConversationId): void {
    const { head } = this.#heads.use(group) ?? {};
    this.#stored.noteHead(group, head ?? null);
    this.#core.emitter.emit('group', { conversationId: group, head });
  }
}

type StoredMessage = ServerFrameOf<'stored_messages'>['messages'][number];
