import { conversationOf, formatMessageId, type InboxUpdate, type Message, type UserId } from '@chasqui/domain';
import type { UnreadState } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, type Ledger, type LedgerHarness, ledgerFixture } from './sessions-fixture.ts';

const USERS = [ANN, BOB, CAT];
const PAIRS = USERS.flatMap((from) => USERS.filter((to) => to !== from).map((to): [UserId, UserId] => [from, to]));
const pair = fc.constantFrom(...PAIRS);

const plannedMessage = fc.record({
  pair,
  /** From a small pool, so that copies and conflicts occur. */
  key: fc.nat({ max: 7 }),
  text: fc.constantFrom('yes', 'yes', 'no'),
  /** Its node's clock is behind: the id may sort before the device's last. */
  behind: fc.boolean(),
  fromDevice: fc.constantFrom('phone', 'phone', 'laptop'),
  silenced: fc.constantFrom(false, false, false, true),
});
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('record' as const),
      messages: fc.array(plannedMessage, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('read' as const), pair, which: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('recall' as const), pair, which: fc.nat({ max: 30 }) }) },
);

interface Known {
  content: string;
  messageId: string;
  positions: [number, number];
}

/** What the store must look like: arrays and maps, and every count made by counting. */
class Model {
  readonly inboxes = new Map<UserId, InboxUpdate[]>(USERS.map((user) => [user, []]));
  readonly keys = new Map<string, Known>();
  /** The last id of each device in each conversation. */
  readonly lastSent = new Map<string, string>();
  readonly readUpTo = new Map<string, string>();
  readonly recalled = new Set<string>();
  /** Ids of messages that are their sender's alone. */
  readonly silenced = new Set<string>();
  /** The counts of a user as they were at each head of the inbox. */
  readonly #history = new Map<string, { total: number; byConversation: Record<string, number> }>();

  inbox(user: UserId): InboxUpdate[] {
    return this.inboxes.get(user) as InboxUpdate[];
  }

  append(user: UserId, update: InboxUpdate): number {
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

  /** Whatever head a count claims to be of, it must be what the counts were there. */
  checkUnread(state: UnreadState): void {
    const then = this.#history.get(`${state.userId} ${state.position}`) ?? { total: 0, byConversation: {} };
    expect({ count: state.count, total: state.total }).toEqual({
      count: then.byConversation[state.conversationId] ?? 0,
      total: then.total,
    });
  }
}

async function runRecord(ledger: Ledger, model: Model, messages: readonly Message[]): Promise<void> {
  const outcomes = await ledger.sessions.record(messages);
  const lateChecks: UnreadState[] = [];
  for (const [i, message] of messages.entries()) {
    const { from, to, conversationId, clientMessageId } = message;
    const outcome = outcomes[i];
    const content = JSON.stringify([to, message.content]);
    const known = model.keys.get(`${from} ${clientMessageId}`);
    if (known !== undefined && known.content !== content) {
      expect(outcome).toEqual({ result: 'conflict', messageId: known.messageId });
      continue;
    }
    if (outcome === undefined || outcome.result === 'conflict') expect.fail('an unexpected conflict');
    if (known === undefined) {
      const device = `${conversationId} ${from} ${message.fromDevice}`;
      const last = model.lastSent.get(device) ?? '';
      if (message.messageId > last) expect(outcome.messageId).toBe(message.messageId);
      else expect(outcome.messageId > last).toBe(true);
      const { messageId } = outcome;
      model.lastSent.set(device, messageId);
      const update: InboxUpdate = { type: 'message', conversationId, messageId, from, clientMessageId };
      const own = model.append(from, update);
      const positions: [number, number] = [own, message.silenced ? 0 : model.append(to, update)];
      if (message.silenced) model.silenced.add(messageId);
      model.keys.set(`${from} ${clientMessageId}`, { content, messageId, positions });
    }
    const { messageId, positions } = model.keys.get(`${from} ${clientMessageId}`) as Known;
    expect([outcome.result, outcome.messageId, outcome.senderPosition, outcome.receiverPosition]).toEqual([
      ...[known === undefined ? 'recorded' : 'duplicate', messageId, ...positions],
    ]);
    expect(outcome.unread.position).toBeGreaterThanOrEqual(positions[1]);
    lateChecks.push(outcome.unread);
  }
  for (const state of lateChecks) model.checkUnread(state);
}

async function runRead(
  ledger: Ledger,
  model: Model,
  user: UserId,
  conversationId: string,
  which: number,
): Promise<void> {
  const messages = model.messages(user, conversationId);
  const upTo = messages[which % Math.max(1, messages.length)]?.messageId;
  if (upTo === undefined) return;
  const from = model.readUpTo.get(`${user} ${conversationId}`) ?? '';
  const result = await ledger.sessions.markRead(user, conversationId, upTo, which);
  expect(result.changed).toBe(upTo > from);
  if (upTo > from) {
    model.readUpTo.set(`${user} ${conversationId}`, upTo);
    const position = model.append(user, { type: 'read', conversationId, upTo, at: which });
    expect(result).toMatchObject({ from, upTo, position, unread: { position } });
  }
  model.checkUnread(result.unread);
}

async function runRecall(ledger: Ledger, model: Model, [by, peer]: [UserId, UserId], which: number): Promise<void> {
  const conversationId = conversationOf(by, peer);
  const own = model.messages(by, conversationId).filter(({ from }) => from === by);
  const messageId = own[which % Math.max(1, own.length)]?.messageId;
  if (messageId === undefined) return;
  const silenced = model.silenced.has(messageId);
  const positions = await ledger.sessions.recall(conversationId, messageId, by, which, silenced);
  if (model.recalled.has(messageId)) {
    expect(positions).toBeNull();
    return;
  }
  model.recalled.add(messageId);
  const update: InboxUpdate = { type: 'recall', conversationId, messageId, by, at: which };
  const theirs = silenced ? {} : { [peer]: model.append(peer, update) };
  expect(positions).toEqual({ ...theirs, [by]: model.append(by, update) });
}

export function modelTests(harness: LedgerHarness): void {
  const { subject, samples, inbox } = ledgerFixture(harness);

  test('C4, C5, C8, C10: any run of records, copies, conflicts, reads and recalls leaves what counting by hand gives', async () => {
    let made = 0;
    const build = ({
      pair: [from, to],
      key,
      text,
      behind,
      fromDevice,
      silenced,
    }: typeof plannedMessage extends fc.Arbitrary<infer T> ? T : never) =>
      samples.message({
        from,
        to,
        text,
        fromDevice,
        clientMessageId: `k${key}`,
        ...(silenced ? { silenced: true as const } : {}),
        ...(behind
          ? { messageId: formatMessageId({ millis: 1_000_000 + ((++made * 7_919) % 1_000), counter: made, tag: 3 }) }
          : {}),
      });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const ledger = await subject.fresh();
        const model = new Model();
        for (const planned of steps) {
          if (planned.type === 'record') await runRecord(ledger, model, planned.messages.map(build));
          else if (planned.type === 'recall') await runRecall(ledger, model, planned.pair, planned.which);
          else await runRead(ledger, model, planned.pair[0], conversationOf(...planned.pair), planned.which);
        }
        for (const user of USERS) {
          const entries = model.inbox(user).map((update, i) => ({ ...update, position: i + 1 }));
          expect(await inbox(user)).toEqual(entries);
          expect(await ledger.sessions.unread(user)).toEqual({
            userId: user,
            position: entries.length,
            ...model.counts(user),
          });
        }
        expect((await ledger.sessions.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
