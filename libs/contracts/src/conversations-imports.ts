import { formatMessageId, type MessageToRecord } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

/** Messages of before this server was. */
export function importTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, entry, inbox, markRead, noDrift } = conversationsFixture(harness);
  const idAt = (millis: number, tag: number, counter = 0) => formatMessageId({ millis, counter, tag });
  const OLD = Date.UTC(2012, 5, 1);

  const old = (from: string, to: string, sentAt: number, tag = 1): MessageToRecord => ({
    ...toRecord(samples.message({ from, to, sentAt, messageId: idAt(sentAt, tag), fromDevice: 'import' })),
    isImported: true,
  });
  const place = async (...messages: MessageToRecord[]) => conversations().record(messages);

  test('C4: an imported message keeps its id and time; a repeat, also behind later messages, is a duplicate', async () => {
    const messages = [old(ANN, BOB, OLD), old(BOB, ANN, OLD + 5), old(ANN, BOB, OLD + 9)];
    const first = await place(...messages);
    expect(first.map(({ result }) => result)).toEqual(['recorded', 'recorded', 'recorded']);
    expect(first.map(({ messageId }) => messageId)).toEqual(messages.map(({ messageId }) => messageId));
    expect(await entry(BOB)).toMatchObject({ unread: 2, updatedAt: OLD + 9, lastMessageId: messages[2]?.messageId });
    const again = await place(...messages);
    expect(again.map(({ result }) => result)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(again.map(({ messageId }) => messageId)).toEqual(messages.map(({ messageId }) => messageId));
    expect(await inbox(BOB)).toHaveLength(3);
    await noDrift();
  });

  test('C4: an imported message that is the last one, or before it in its millisecond, is there already, whatever the dedup window has forgotten', async () => {
    const at = (counter: number, tag: number) => ({ ...old(ANN, BOB, OLD), messageId: idAt(OLD, tag, counter) });
    const messages = [at(0, 9), at(1, 5), at(2, 1)];
    expect((await place(...messages)).map(({ result }) => result)).toEqual(['recorded', 'recorded', 'recorded']);
    const before = [await entry(BOB), await inbox(BOB)];
    const forgotten = messages.map((message) => ({ ...message, clientMessageId: `forgotten-${message.messageId}` }));
    expect((await place(...forgotten)).map(({ result }) => result)).toEqual(Array(3).fill('out_of_order'));
    expect([await entry(BOB), await inbox(BOB)]).toEqual(before);
    expect((await place(at(3, 0)))[0]).toMatchObject({ result: 'recorded', messageId: idAt(OLD, 0, 3) });
  });

  test('an imported message from before the last one of its conversation, whoever sent that, is out of order and changes nothing', async () => {
    const later = await record({ from: BOB, to: ANN });
    const before = [await entry(ANN), await entry(BOB), await inbox(ANN)];
    const early = old(ANN, BOB, OLD);
    expect(await place(early)).toEqual([{ result: 'out_of_order', messageId: early.messageId }]);
    expect([await entry(ANN), await entry(BOB), await inbox(ANN)]).toEqual(before);
    const { isImported: _, ...sent } = early;
    const [kept] = await conversations().record([{ ...sent, messageId: samples.nextId() }]);
    expect(kept?.result).toBe('recorded');
    expect((kept?.messageId ?? '') > later.messageId).toBe(true);
  });

  test('C8: marks at imported messages leave exact counts, and what is sent later is behind them', async () => {
    const messages = [old(ANN, BOB, OLD), old(ANN, BOB, OLD + 1), old(ANN, BOB, OLD + 2)];
    await place(...messages);
    await markRead(BOB, ANN_BOB, messages[1]?.messageId ?? '', OLD);
    expect(await entry(BOB)).toMatchObject({ unread: 1, read: { upTo: messages[1]?.messageId } });
    const { messageId } = await record();
    expect(messageId > (messages[2]?.messageId ?? '')).toBe(true);
    expect(await entry(BOB)).toMatchObject({ unread: 2, lastMessageId: messageId });
    await noDrift();
  });
}
