import { type ChangeName, formatMessageId, type Mentions, type MessageToRecord, type UserId } from '@chasqui/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, type Groups, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

const USERS: UserId[] = [ANN, BOB, CAT, DAN];
const user = fc.constantFrom(...USERS);

const plannedMessage = fc.record({
  from: user,
  /** From a small pool, so that copies occur. */
  key: fc.nat({ max: 9 }),
  mentions: fc.constantFrom<Mentions | undefined>(undefined, undefined, 'all', [BOB], [BOB, CAT, BOB], USERS),
  /** The node's clock is behind: the id may sort before the last one in the log. */
  isBehind: fc.boolean(),
});
type Planned = typeof plannedMessage extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      messages: fc.array(plannedMessage, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), user, which: fc.nat({ max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mute' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recall' as const), which: fc.nat({ max: 30 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      which: fc.nat({ max: 30 }),
      named: fc.constantFrom([BOB], [CAT, DAN], USERS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const) }) },
);

interface Told {
  messageId: string;
  from: UserId;
  /** Members who are mentioned, by name or as one of all, and whom an edit named before they had read it. */
  mentioned: Set<UserId>;
  edits: number;
}

/** The revision of recalls: above that of any edit. */
const LAST_REVISION = 1_000;

/** The expected state: who is in the group, and for each of them every message that came to them. */
class Model {
  readonly members = new Set<UserId>([ANN, BOB]);
  readonly muted = new Set<UserId>();
  readonly messages: Told[] = [];
  /** What became of each (sender, key). */
  readonly known = new Map<string, { result: string; messageId: string }>();
  readonly recalled = new Set<string>();
  /** Per user: the messages since their last joining that they have not read. */
  readonly unread = new Map<UserId, Told[]>(USERS.map((one) => [one, []]));
  readonly marks = new Map<UserId, string>();
  /** Entries of the log. */
  entries = 1;

  counts(): ([number, number] | null)[] {
    return USERS.map((one) => {
      if (!this.marks.has(one)) return null;
      const unread = (this.unread.get(one) ?? []).filter(({ from }) => from !== one);
      return [unread.length, unread.filter(({ mentioned }) => mentioned.has(one)).length];
    });
  }

  last(): string {
    return this.messages.at(-1)?.messageId ?? '';
  }

  join(one: UserId): void {
    this.members.add(one);
    this.unread.set(one, []);
    this.marks.set(one, this.last());
    this.entries++;
  }

  end(one: UserId): void {
    this.members.delete(one);
    this.unread.set(one, []);
    this.entries++;
  }
}

/** Records messages and checks each outcome. */
async function runPost(
  conversations: Groups['conversations'],
  model: Model,
  messages: readonly MessageToRecord[],
): Promise<void> {
  const outcomes = await conversations.record(messages);
  for (const [n, { from, clientMessageId, messageId: given, mentions = [] }] of messages.entries()) {
    const outcome = outcomes[n] ?? expect.fail('no outcome');
    const key = `${from} ${clientMessageId}`;
    const known = model.known.get(key);
    if (known !== undefined) {
      expect([outcome.result, outcome.messageId]).toEqual([known.result, known.messageId]);
      continue;
    }
    if (!model.members.has(from) || model.muted.has(from)) {
      const reason = model.members.has(from) ? 'muted' : 'not_a_member';
      expect(outcome).toEqual({ result: 'refused', reason, messageId: given });
      model.known.set(key, { result: 'refused', messageId: given });
      continue;
    }
    expect(outcome).toMatchObject({ result: 'recorded', places: [{ position: ++model.entries }], unread: [] });
    const { messageId } = outcome;
    if (given > model.last()) expect(messageId).toBe(given);
    expect(messageId > model.last()).toBe(true);
    const mentioned = new Set([...model.members].filter((one) => mentions === 'all' || mentions.includes(one)));
    const told = { messageId, from, mentioned, edits: 0 };
    model.messages.push(told);
    for (const one of model.members) model.unread.get(one)?.push(told);
    model.known.set(key, { result: 'duplicate', messageId });
  }
}

async function runRead(
  conversations: Groups['conversations'],
  model: Model,
  { user: userId, which }: { user: UserId; which: number },
): Promise<void> {
  const upTo = model.messages[which % Math.max(1, model.messages.length)]?.messageId;
  if (upTo === undefined) return;
  const { changed, unread } = await conversations.markRead({ userId, conversationId: TEAM, upTo, at: 1, node: 'n' });
  const moves = model.members.has(userId) && upTo > (model.marks.get(userId) ?? '');
  expect(changed).toBe(moves);
  if (moves) {
    model.marks.set(userId, upTo);
    model.unread.set(
      userId,
      (model.unread.get(userId) ?? []).filter(({ messageId }) => messageId > upTo),
    );
  }
  expect(unread.count).toBe(model.counts()[USERS.indexOf(userId)]?.[0] ?? 0);
}

export function modelTests(harness: GroupsHarness): void {
  const { subject, change, create, toGroup, counts, log, group, roles, head, drift } = groupsFixture(harness);

  test('C18, C20, C21, C22: any run of messages, copies, reads, joins, leaves, mutes, recalls and trims leaves what counting by hand gives', async () => {
    let made = 0;
    const build = ({ from, key, mentions, isBehind }: Planned) =>
      toGroup(from, {
        clientMessageId: `k${key}`,
        text: 'the same',
        sentAt: harness.clock.now(),
        ...(mentions && { mentions }),
        ...(isBehind && { messageId: formatMessageId({ millis: 1_000_000 + (made++ % 7), counter: made, tag: 3 }) }),
      });

    const runChange = async (model: Model, name: ChangeName, one: UserId) => {
      const isIn = model.members.has(one);
      if (name === 'add') {
        await change('add', { users: [one] });
        if (!isIn) model.join(one);
      } else if (one !== ANN && isIn) {
        if (name === 'leave') await change('leave', {}, { by: one });
        else await change('remove', { users: [one] });
        model.end(one);
      }
    };
    const runMute = async (model: Model, one: UserId) => {
      if (one === ANN || !model.members.has(one)) return;
      const isMuted = model.muted.delete(one);
      if (!isMuted) model.muted.add(one);
      await change('mute', { userId: one, until: isMuted ? 0 : harness.clock.now() + 1_000_000_000 });
      model.entries++;
    };
    const runRecall = async (model: Model, which: number) => {
      const message = model.messages[which % Math.max(1, model.messages.length)];
      if (message === undefined) return;
      const { messageId, from: by } = message;
      const { audience } = toGroup(ANN);
      const revision = LAST_REVISION;
      const action = { action: 'recall' as const, revision, by, at: 1, conversationId: TEAM, messageId, audience };
      const [places] = await subject.current.conversations.act([action]);
      if (model.recalled.has(messageId)) expect(places).toBeNull();
      else expect(places).toMatchObject([{ position: ++model.entries }]);
      model.recalled.add(messageId);
    };

    const runEdit = async (model: Model, which: number, named: readonly UserId[]) => {
      const message = model.messages[which % Math.max(1, model.messages.length)];
      if (message === undefined) return;
      const { messageId, from: by } = message;
      const { audience } = toGroup(ANN);
      const edit = { action: 'edit' as const, content: { text: 'x' }, actionId: `e${++made}`, mentions: named };
      const where = { conversationId: TEAM, messageId, audience };
      const revision = ++message.edits;
      const [places] = await subject.current.conversations.act([{ ...edit, revision, by, at: 1, ...where }]);
      if (model.recalled.has(messageId)) expect(places).toBeNull();
      else {
        expect(places).toMatchObject([{ position: ++model.entries }]);
        for (const one of named) if (model.unread.get(one)?.includes(message)) message.mentioned.add(one);
      }
    };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { conversations, logs } = await subject.fresh();
        const model = new Model();
        await create([BOB], { mentionAll: 'all' });
        for (const one of [ANN, BOB]) model.marks.set(one, '');
        for (const planned of steps) {
          if (planned.do === 'post') await runPost(conversations, model, planned.messages.map(build));
          else if (planned.do === 'read') await runRead(conversations, model, planned);
          else if (planned.do === 'recall') await runRecall(model, planned.which);
          else if (planned.do === 'edit') await runEdit(model, planned.which, planned.named);
          else if (planned.do === 'trim') await logs.trim(harness.clock.now(), 2);
          else if (planned.do === 'mute') await runMute(model, planned.user);
          else await runChange(model, planned.do, planned.user);
          expect(await counts(...USERS)).toEqual(model.counts());
        }
        const { floor, head: end } = await logs.page(`~${TEAM}`, 0, 1);
        expect([end, (await log()).length]).toEqual([model.entries, model.entries - floor]);
        expect((await group()).lastMessageId).toBe(model.last());
        expect((await roles()).map(([one]) => one).sort()).toEqual([...model.members].sort());
        for (const [one, upTo] of model.marks) expect((await head(one)).read.upTo).toBe(upTo);
        const unread = await conversations.unread(BOB);
        expect([unread.total, unread.byConversation]).toEqual([0, {}]);
        expect(await drift()).toEqual([]);
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
