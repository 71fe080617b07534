import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toRecord } from '@chasqui/contracts';
import { directAudience, inboxOf, type Message, positionIn } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../deploy/engines/mysql.ts';
import { setupMysql } from '../../libs/adapters/mysql/src/index.ts';
import { parts, runSql, Scratch } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { bringsOver, FIXTURE_NAMES, type Fixture, unpacked } from '../upgrade/bring-over.ts';
import { PEOPLE, type Person } from '../upgrade/people.ts';

const { CHASQUI_MYSQL_URL: address = '' } = mysql.settings;
const scratch = new Scratch(address);
const NAMES = FIXTURE_NAMES.filter((name) => name.endsWith('-mysql'));

/** A database as the released version left it. */
async function restored({ data }: Pick<Fixture, 'data'>) {
  const config = await scratch.database();
  await runSql(config, await readFile(join(data, 'store.sql'), 'utf8'), config.address.database);
  return config;
}

bringsOver(NAMES, async (fixture) => {
  const { database } = (await restored(fixture)).address;
  const url = new URL(address);
  url.pathname = database;
  return { CHASQUI_STORE: 'mysql', CHASQUI_MYSQL_URL: url.href };
});

/** The survey's fields of a message. */
interface Shown extends Omit<Message, 'audience'> {
  type: string;
  to: Person;
  position: number;
  recalledAt?: number;
}

interface Listed {
  conversationId: string;
  lastMessage: { messageId: string; from: string; preview: string };
  unread: number;
  updatedAt: number;
  readUpTo?: string;
}

describe.each(NAMES)('rows of %s, as the stores give them', (name) => {
  /** The stores on these databases, and each user's view before the upgrade. */
  async function opened() {
    await using fixture = await unpacked(name);
    const config = await restored(fixture);
    await setupMysql({ config, ...parts });
    const { conversations, logs } = await scratch.open(config);
    const of = (person: Person) => fixture.expected[person];
    return {
      config,
      conversations,
      logs,
      inboxOf: (person: Person) => (of(person).inbox as Shown[]).filter(({ type }) => type === 'chat'),
      listOf: (person: Person) => (of(person).conversations as { conversations: Listed[] }).conversations,
      history: (person: Person, id: string) => (of(person)[id] as { messages: Shown[] }).messages,
    };
  }

  test('C7, C8: entries name who sent the last message, what is unread and how far was read', async () => {
    const { conversations, listOf } = await opened();
    for (const userId of PEOPLE) {
      const listed = listOf(userId);
      const keys = listed.map(({ conversationId }) => ({ userId, conversationId }));
      const expected = listed.map(({ conversationId, lastMessage, unread, updatedAt, readUpTo = '' }) => ({
        userId,
        conversationId,
        lastMessageId: lastMessage.messageId,
        lastFrom: lastMessage.from,
        preview: lastMessage.preview,
        unread,
        // When and where it was read, only versions since groups have written.
        read: expect.objectContaining({ upTo: readUpTo }),
        updatedAt,
      }));
      expect(await conversations.entries(keys)).toEqual(expected);
    }
  });

  test('C10: logs name who sent each message, at its place', async () => {
    const { logs, inboxOf: inbox } = await opened();
    for (const person of PEOPLE) {
      const { entries } = await logs.page(inboxOf(person), 0, 1_000);
      const expected = inbox(person).map(({ position, messageId, from, clientMessageId, conversationId }) => ({
        type: 'message',
        position,
        messageId,
        from,
        clientMessageId,
        conversationId,
      }));
      expect(entries.filter(({ type }) => type === 'message')).toEqual(expected);
    }
  });

  test('C4: a resend is given the places of the first copy, which may be its sender’s alone', async () => {
    const { conversations, history, inboxOf: inbox } = await opened();
    const shown = [...history('ana', 'ana~bo'), ...history('bo', 'bo~chen')];
    // A recalled message has lost its content.
    const sent = shown.filter(({ recalledAt }) => recalledAt === undefined);
    const resent = sent.map((message) =>
      toRecord({
        ...message,
        messageId: `ff${message.messageId.slice(2)}`,
        audience: directAudience(message.from, message.to),
      }),
    );
    const outcomes = await conversations.record(resent);
    for (const [n, { messageId, from, to }] of sent.entries()) {
      const places = [from as Person, to].flatMap((person) => {
        const own = inbox(person).find((shown) => shown.messageId === messageId);
        return own === undefined ? [] : [{ log: inboxOf(person), position: own.position }];
      });
      expect(outcomes[n]).toMatchObject({ result: 'duplicate', messageId, places });
    }
  });

  test('C3: what a device sends later sorts behind what it sent before', async () => {
    const { conversations, history } = await opened();
    const [last] = history('ana', 'ana~bo');
    if (last === undefined) expect.fail('ana wrote to bo');
    const early = {
      ...last,
      messageId: `00${last.messageId.slice(2)}`,
      clientMessageId: 'late',
      content: { text: 'late' },
    };
    const [outcome] = await conversations.record([toRecord({ ...early, audience: directAudience('ana', 'bo') })]);
    expect(outcome).toMatchObject({ result: 'recorded' });
    expect((outcome?.messageId ?? '') > last.messageId).toBe(true);
  });

  test('C4: a recall of before is the first action on its message, and is not done again', async () => {
    const { config, conversations, logs, history } = await opened();
    const recalled = history('ana', 'ana~bo').find(({ recalledAt }) => recalledAt !== undefined);
    if (recalled === undefined) expect.fail('ana took one back');
    const { conversationId, messageId } = recalled;
    const recall = (revision: number) => {
      const action = { action: 'recall', revision, by: 'ana', at: 1 } as const;
      return conversations.act([{ ...action, conversationId, messageId, audience: ['ana', 'bo'] }]);
    };
    expect(await recall(1)).toEqual([null]);
    const [places] = await recall(2);
    expect(places).toHaveLength(2);
    // Connect nodes of that release may still run, and read it.
    const position = positionIn(places ?? [], inboxOf('bo'));
    const body = `SELECT body FROM inbox WHERE user_id = 'bo' AND position = ${position}`;
    const [row] = (await runSql(config, body, config.address.database)) as { body: string }[];
    expect(JSON.parse(row?.body ?? '')).toEqual({
      type: 'recall',
      revision: 2,
      conversationId,
      messageId,
      by: 'ana',
      at: 1,
    });
    const { entries } = await logs.page(inboxOf('bo'), position - 1, 1);
    expect(entries).toMatchObject([{ type: 'action', action: 'recall', revision: 2, messageId }]);
  });
});
