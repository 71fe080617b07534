import {
  directAudience,
  directConversation,
  formatMessageId,
  type LogUpdate,
  type MessageToRecord,
  positionIn,
  type UserId,
} from '@chasqui/domain';
import type { UnreadState } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ANN,
  BOB,
  CAT,
  type Conversations,
  type ConversationsHarness,
  conversationsFixture,
  recorded,
  THREE,
  toThree,
} from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

const USERS = [ANN, BOB, CAT];
/** Which users can act in which conversation: each in each direct one, and in the one of three. */
const SEATS = USERS.flatMap((user) => [
  ...USERS.filter((to) => to !== user).map((to) => ({ user, to, conversationId: directConversation(user, to) })),
  { user, to: undefined, conversationId: THREE },
]);
const seat = fc.constantFrom(...SEATS);

const plannedMessage = fc.record({
  seat,
  /** From a small pool, so that copies and conflicts occur. */
  key: fc.nat({ max: 7 }),
  text: fc.constantFrom('yes', 'yes', 'no'),
  /** The node's clock is behind: the id may sort before the device's last one. */
  behind: fc.boolean(),
  fromDevice: fc.constantFrom('phone', 'phone', 'laptop'),
  /** A direct message that is appended to its sender's inbox alone. */
  isSilenced: fc.constantFrom(false, false, false, true),
});
type Planned = typeof plannedMessage extends fc.Arbitrary<infer T> ? T : never;
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('record' as const),
      messages: fc.array(plannedMessage, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('read' as const), seat, which: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('recall' as const), seat, which: fc.nat({ max: 30 }) }) },
);

interface Known {
  content: string;
  messageId: string;
  /** Position by log, for the logs that it was appended to. */
  positions: Map<UserId, number>;
}

/** The expected state of the store: arrays and maps, with every count computed by counting. */
class Model {
  readonly inboxes = new Map<UserId, LogUpdate[]>(USERS.map((user) => [user, []]));
  readonly keys = new Map<string, Known>();
  /** The last id of each device in each conversation. */
  readonly lastSent = new Map<string, string>();
  readonly readUpTo = new Map<string, string>();
  readonly recalled = new Set<string>();
  /** The audience of each message. */
  readonly audiences = new Map<string, readonly UserId[]>();
  /** A user's counts at each head of the inbox. */
  readonly #history = new Map<string, { total: number; byConversation: Record<string, number> }>();

  inbox(user: UserId): LogUpdate[] {
    return this.inboxes.get(user) as LogUpdate[];
  }

  append(user: UserId, update: LogUpdate): number {
    const position = this.inbox(user).push(update);
    this.#history.set(`${user} ${position}`, this.counts(user));
    return position;
  }

  messages(user: UserId, conversationId: string): { messageId: string; from: UserId }[] {
    return this.inbox(user).flatMap((u) => (u.type === 'message' && u.conversationId === conversationId ? [u] : []));
  }

  counts(user: UserId): { total: number; byConversation: Record<string, number> } {
    const byConversation: Record<string, number> = {};
    let total = 0;
    for (const update of this.inbox(user)) {
      if (update.type !== 'message' || update.from === user) continue;
      if (update.messageId <= (this.readUpTo.get(`${user} ${update.conversationId}`) ?? '')) continue;
      byConversation[update.conversationId] = (byConversation[update.conversationId] ?? 0) + 1;
      total++;
    }
    return { total, byConversation };
  }

  /** A count must equal the count at the head that it names. */
  checkUnread(state: UnreadState): void {
    const then = this.#history.get(`${state.userId} ${state.position}`) ?? { total: 0, byConversation: {} };
    expect({ count: state.count, total: state.total }).toEqual({
      count: then.byConversation[state.conversationId] ?? 0,
      total: then.total,
    });
  }
}

async function runRecord(
  conversations: Conversations['conversations'],
  model: Model,
  messages: readonly MessageToRecord[],
): Promise<void> {
  const outcomes = await conversations.record(messages);
  const lateChecks: UnreadState[] = [];
  for (const [i, message] of messages.entries()) {
    const { from, audience, conversationId, clientMessageId } = message;
    const content = JSON.stringify([conversationId, message.content]);
    const known = model.keys.get(`${from} ${clientMessageId}`);
    if (known !== undefined && known.content !== content) {
      expect(outcomes[i]).toEqual({ result: 'conflict', messageId: known.messageId });
      continue;
    }
    const outcome = recorded(outcomes[i]);
    if (known === undefined) {
      const device = `${conversationId} ${from} ${message.fromDevice}`;
      const last = model.lastSent.get(device) ?? '';
      if (message.messageId > last) expect(outcome.messageId).toBe(message.messageId);
      else expect(outcome.messageId > last).toBe(true);
      const { messageId } = outcome;
      model.lastSent.set(device, messageId);
      const update: LogUpdate = { type: 'message', conversationId, messageId, from, clientMessageId };
      const positions = new Map(audience.map((log) => [log, model.append(log, update)]));
      model.audiences.set(messageId, audience);
      model.keys.set(`${from} ${clientMessageId}`, { content, messageId, positions });
    }
    const { messageId, positions } = model.keys.get(`${from} ${clientMessageId}`) as Known;
    expect([outcome.result, outcome.messageId]).toEqual([known === undefined ? 'recorded' : 'duplicate', messageId]);
    expect(new Map(outcome.places.map(({ log, position }) => [log, position]))).toEqual(positions);
    const counted = [...positions.keys()].filter((user) => user !== from);
    expect(outcome.unread.map(({ userId }) => userId).toSorted()).toEqual(counted.toSorted());
    for (const { userId, position } of outcome.unread) {
      expect(position).toBeGreaterThanOrEqual(positionIn(outcome.places, userId));
    }
    lateChecks.push(...outcome.unread);
  }
  for (const state of lateChecks) model.checkUnread(state);
}

type Seat = (typeof SEATS)[number];

async function runRead(
  conversations: Conversations['conversations'],
  model: Model,
  { user: userId, conversationId }: Seat,
  which: number,
): Promise<void> {
  const messages = model.messages(userId, conversationId);
  const upTo = messages[which % Math.max(1, messages.length)]?.messageId;
  if (upTo === undefined) return;
  const mark = `${userId} ${conversationId}`;
  const from = model.readUpTo.get(mark) ?? '';
  const result = await conversations.markRead({ userId, conversationId, upTo, at: which, node: 'n' });
  expect(result.changed).toBe(upTo > from);
  if (upTo > from) {
    model.readUpTo.set(mark, upTo);
    const position = model.append(userId, { type: 'read', conversationId, upTo, at: which });
    expect(result).toMatchObject({ from, upTo, position, unread: { position } });
  }
  model.checkUnread(result.unread);
}

async function runRecall(
  conversations: Conversations['conversations'],
  model: Model,
  { user: by, conversationId }: Seat,
  which: number,
): Promise<void> {
  const own = model.messages(by, conversationId).filter(({ from }) => from === by);
  const messageId = own[which % Math.max(1, own.length)]?.messageId;
  if (messageId === undefined) return;
  const audience = model.audiences.get(messageId) ?? [];
  const action = { action: 'recall' as const, revision: 1, by, at: which, conversationId, messageId };
  const [places = null] = await conversations.act([{ ...action, audience }]);
  if (model.recalled.has(messageId)) {
    expect(places).toBeNull();
    return;
  }
  model.recalled.add(messageId);
  const positions = audience.map((log) => [log, model.append(log, { ...action, type: 'action' })] as const);
  expect(new Map(places?.map(({ log, position }) => [log, position]))).toEqual(new Map(positions));
}

export function modelTests(harness: ConversationsHarness): void {
  const { subject, samples, inbox } = conversationsFixture(harness);

  test('C4, C5, C8, C10: any run of records, copies, conflicts, reads and recalls leaves what counting by hand gives', async () => {
    let made = 0;
    const build = ({ seat: { user, to, conversationId }, key, text, behind, fromDevice, isSilenced }: Planned) => {
      const audience = to === undefined ? toThree(user).audience : directAudience(user, to, isSilenced);
      const late = { millis: 1_000_000 + ((++made * 7_919) % 1_000), counter: made, tag: 3 };
      return toRecord(
        samples.message({
          from: user,
          conversationId,
          audience,
          text,
          fromDevice,
          clientMessageId: `k${key}`,
          ...(behind ? { messageId: formatMessageId(late) } : {}),
        }),
      );
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { conversations } = await subject.fresh();
        const model = new Model();
        for (const planned of steps) {
          if (planned.type === 'record') await runRecord(conversations, model, planned.messages.map(build));
          else if (planned.type === 'recall') await runRecall(conversations, model, planned.seat, planned.which);
          else await runRead(conversations, model, planned.seat, planned.which);
        }
        for (const user of USERS) {
          const entries = model.inbox(user).map((update, i) => ({ ...update, position: i + 1 }));
          expect(await inbox(user)).toEqual(entries);
          expect(await conversations.unread(user)).toEqual({
            userId: user,
            position: entries.length,
            ...model.counts(user),
          });
        }
        expect((await conversations.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
