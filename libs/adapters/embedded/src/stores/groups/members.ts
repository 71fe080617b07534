import { defined, isCurrent, type Member, type MemberKey, memberOrder, type ReadMark, ROLES } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import type { Database, Row } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';

/** A user who is or was in a group, with their read mark. */
export interface MemberRow {
  member: Member;
  /** The user's number. */
  user: number;
  read: MarkInGroup;
  /** Of former members: the last one known. */
  displayName: string;
}

export interface MarkInGroup extends Omit<ReadMark, 'userId'> {
  /** Messages of others up to the mark, and those of them that mention the member. */
  others: number;
  mentions: number;
}

type Body = Pick<Member, 'joinedAt' | 'mutedUntil' | 'intervals' | 'wasRemoved' | 'lastSeen'>;

export const MEMBER_COLUMNS =
  'name, user, role, left_at, body, read_id, read_at, read_node, read_others, read_mentions, display_name';
type PageOptions = Parameters<GroupStore['page']>[1];
const SELECT = `SELECT ${MEMBER_COLUMNS} FROM members WHERE conversation = ? AND name = ?`;
const WRITE = `INSERT OR REPLACE INTO members (conversation, since_id, display_order, ${MEMBER_COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const MARK = `UPDATE members SET (read_id, read_at, read_node, read_others, read_mentions) = (?, ?, ?, ?, ?)
  WHERE conversation = ? AND name = ?`;

/** Of a damaged row: in the group for no time, so that nothing is shown or allowed that may not be (C20). */
const NOWHERE: Body = {
  joinedAt: 0,
  mutedUntil: 0,
  intervals: [{ after: 0, afterId: '', upTo: 0, upToId: '' }],
  wasRemoved: false,
};

export function memberRowOf(db: Database, conversationId: string, values: Row): MemberRow {
  const [userId, user, role, leftAt, text, upTo, at, node, others, mentions, displayName] = values as [
    ...[string, number, number, number, string, string, number, string, number, number, string],
  ];
  const body = storedJson<Body>(
    db,
    text,
    () => `member ${userId} of group ${conversationId}`,
    () => NOWHERE,
  );
  const member = { conversationId, userId, role: ROLES[role] ?? 'member', leftAt, ...body };
  return { member, user, read: { upTo, at, node, others, mentions }, displayName };
}

export class Members {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(conversation: number, { conversationId, userId }: MemberKey): MemberRow | undefined {
    const values = this.#db.get(SELECT, conversation, userId);
    return values === undefined ? undefined : memberRowOf(this.#db, conversationId, values);
  }

  current(conversation: number, key: MemberKey): MemberRow | undefined {
    const found = this.find(conversation, key);
    return isCurrent(found?.member) ? found : undefined;
  }

  write(conversation: number, { member, user, read, displayName }: MemberRow): void {
    const { userId, role, leftAt, joinedAt, mutedUntil, intervals, wasRemoved, lastSeen } = member;
    const body = JSON.stringify({
      joinedAt,
      mutedUntil,
      intervals,
      wasRemoved,
      ...defined({ lastSeen }),
    } satisfies Body);
    this.#db.run(
      ...([
        WRITE,
        conversation,
        intervals.at(-1)?.afterId ?? '',
        memberOrder(displayName),
        userId,
        user,
        ROLES.indexOf(role),
        leftAt,
        body,
      ] as const),
      ...([read.upTo, read.at, read.node, read.others, read.mentions, displayName] as const),
    );
  }

  mark(conversation: number, { userId }: Pick<Member, 'userId'>, read: MarkInGroup): void {
    this.#db.run(MARK, read.upTo, read.at, read.node, read.others, read.mentions, conversation, userId);
  }
}

/** Current members in the order of their roles, then of their names, which is the index's. */
const PAGE = `SELECT ${MEMBER_COLUMNS} FROM members
  WHERE conversation = ?1 AND left_at = 0 AND (role, name) > (?2, ?3) AND role <= ?4 ORDER BY role, name LIMIT ?5`;

/** See `GroupStore.page`. */
export function pageOfMembers(db: Database, id: number, conversationId: string, options: PageOptions): Member[] {
  const { role, after, limit } = options;
  const only = role === undefined ? undefined : ROLES.indexOf(role);
  const start: [number, string] = after ? [ROLES.indexOf(after.role), after.userId] : [only ?? 0, ''];
  const rows = db.all(PAGE, id, ...start, only ?? ROLES.length, limit);
  return rows.map((values) => memberRowOf(db, conversationId, values).member);
}
