import { createHash } from 'node:crypto';
import {
  type ChangeOutcome,
  type ConversationId,
  type GroupChange,
  groupLog,
  ImError,
  isCurrent,
  type LogEntry,
  type Member,
  neverJoined,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { erasedAmong } from '../people/erased-among.ts';
import { withoutPath } from './exported-picture.ts';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import { type LineOutcome, outcomesOf } from './line-outcomes.ts';

/** Groups that are changed in parallel, and the time for nodes to know of it, in ms. */
const AT_ONCE = 16;
const TELL_MS = 5_000;
/** Entries of a group's log behind a joining, among which the roles are looked for: one for each user, and what others did. */
const ROLE_ENTRIES = 1_000;

type GroupLine = LineOf<'group' | 'members'>;
type Asked = Pick<GroupChange, 'change' | 'details'> & { by: UserId; at: number };

/**
 * Imports groups and members. The changes are made in the store itself: nothing is pushed, and the nodes that have
 * sessions of new members are told once, at the end.
 */
export class GroupImport {
  readonly #context: ImportContext;
  /** Who came to each group. Bounded by the lines of one call. */
  readonly #newcomers = new Map<ConversationId, Set<UserId>>();

  constructor(context: ImportContext) {
    this.#context = context;
  }

  /** One group's lines in their order. */
  async change(lines: readonly GroupLine[]): Promise<LineOutcome[]> {
    const key = ({ conversationId }: GroupLine) => conversationId;
    return outcomesOf(lines, { key, atOnce: AT_ONCE }, (line) => this.#changeOne(line));
  }

  async finish(): Promise<void> {
    const { notices } = this.#context;
    await inParallel(this.#newcomers, AT_ONCE, ([conversationId, users]) =>
      notices.tell(conversationId, [...users], TELL_MS),
    );
  }

  async #changeOne(line: GroupLine): Promise<LineOutcome> {
    const at = line.type === 'group' ? line.createdAt : line.joinedAt;
    if (at > this.#context.clock.now()) {
      const field = line.type === 'group' ? 'createdAt' : 'joinedAt';
      return new ImError('content_invalid', `${field} is in the future`, { field });
    }
    const outcome = await (line.type === 'group' ? this.#create(line) : this.#add(line));
    // Also of a repeat: the nodes may not have been told the first time.
    const users = line.type === 'group' ? [line.owner, ...(line.members ?? [])] : line.users;
    if (!(outcome instanceof ImError)) this.#note(line.conversationId, users);
    return outcome;
  }

  async #create(line: LineOf<'group'>): Promise<LineOutcome> {
    const {
      conversationId,
      owner,
      name,
      description = '',
      picture = '',
      settings = {},
      members = [],
      createdAt,
    } = line;
    const [known] = await this.#context.groups.groups([conversationId]);
    if (known != null) {
      if (known.createdAt === createdAt) return 'repeated';
      return new ImError('group_exists', 'there is another group with this id', { field: 'conversationId' });
    }
    const erased = (await this.#erased([owner], 'owner')) ?? (await this.#erased(members, 'members'));
    if (erased !== null) return erased;
    const details = { name, description, picture: withoutPath(picture), settings, members };
    const outcome = await this.#apply(conversationId, { change: 'create', details, by: owner, at: createdAt });
    // Who makes a group is the line's owner.
    const isOfOwner = outcome instanceof ImError && outcome.details.field === 'by';
    return isOfOwner ? new ImError(outcome.code, outcome.message, { field: 'owner' }, outcome) : outcome;
  }

  async #add({ conversationId, users, role, joinedAt: at }: LineOf<'members'>): Promise<LineOutcome> {
    const { groups } = this.#context;
    const known = await groups.members(users.map((userId) => ({ conversationId, userId })));
    // Who has joined or left since then was added before.
    const newcomers = users.filter((_, place) => {
      const member = known[place];
      return (
        member == null || neverJoined(member) || (member.joinedAt < at && member.leftAt < at && !isCurrent(member))
      );
    });
    const erased = await this.#erased(newcomers, 'users');
    if (erased !== null) return erased;
    const outcomes: LineOutcome[] = [];
    const ask = async (asked: Asked) => void outcomes.push(await this.#apply(conversationId, asked));
    if (newcomers.length > 0) await ask({ change: 'add', details: { users: newcomers }, by: SYSTEM_USER, at });
    if (role === 'admin') {
      const there = known.filter((member) => member !== null && member.joinedAt === at && isCurrent(member));
      const cutShort = await this.#withoutRole(conversationId, there);
      for (const userId of [...newcomers, ...cutShort]) {
        await ask({ change: 'role', details: { userId, role }, by: SYSTEM_USER, at });
      }
    }
    return outcomes.find((outcome) => outcome instanceof ImError) ?? (outcomes.length > 0 ? 'imported' : 'repeated');
  }

  /**
   * Of members whom the line added before: those whose role was never set in this stay, as the import broke off. Others may
   * have been made members again since. The roles follow the joining in the group's log; if it was trimmed, nobody is named.
   */
  async #withoutRole(conversationId: ConversationId, there: readonly (Member | null)[]): Promise<UserId[]> {
    const waiting = there.filter((member) => member?.role === 'member') as Member[];
    if (waiting.length === 0) return [];
    const after = Math.min(...waiting.map(({ intervals }) => intervals.at(-1)?.after ?? 0));
    const { entries, floor } = await this.#context.logs.page(groupLog(conversationId), after, ROLE_ENTRIES);
    if (floor > after) return [];
    const set = new Set(entries.flatMap((entry) => (isRole(entry) ? (entry.users ?? []) : [])));
    return waiting.map(({ userId }) => userId).filter((userId) => !set.has(userId));
  }

  async #erased(userIds: readonly UserId[], field: string): Promise<ImError | null> {
    const [erased] = await erasedAmong(this.#context.erasures, userIds);
    return erased === undefined ? null : new ImError('user_erased', `${erased} was erased`, { field });
  }

  async #apply(conversationId: ConversationId, asked: Asked): Promise<LineOutcome> {
    const { groups, limits } = this.#context;
    const changeId = createHash('sha256').update(JSON.stringify(asked)).digest('base64url');
    // The table of changes pairs each name with its details.
    const change = { ...asked, conversationId, changeId: `import:${changeId}` } as GroupChange;
    const { outcome, isRepeat } = await groups.apply(change, limits);
    return refusalOf(outcome) ?? (isRepeat ? 'repeated' : 'imported');
  }

  #note(conversationId: ConversationId, users: readonly UserId[]): void {
    const newcomers = this.#newcomers.get(conversationId) ?? new Set();
    this.#newcomers.set(conversationId, newcomers);
    for (const userId of users) newcomers.add(userId);
  }
}

function isRole(entry: LogEntry): entry is Extract<LogEntry, { type: 'notice' }> {
  return entry.type === 'notice' && entry.notice === 'role';
}

function refusalOf(outcome: ChangeOutcome): ImError | null {
  if (outcome.result === 'applied') return null;
  if (outcome.result === 'refused') return new ImError(outcome.code, outcome.message, { field: outcome.field });
  return new ImError('change_id_reused', 'another change was imported under this key', { field: 'conversationId' });
}
