import { describe, expect, it } from 'vitest';
import { ownMessage, sampleId, sampleMessage } from '../testing/sample-message.ts';
import { mergeTimeline } from './timeline.ts';

const idsOf = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);

describe('the timeline of a conversation', () => {
  it('C6: shows a message once that the history and the live way both brought', () => {
    const merged = mergeTimeline([sampleMessage(1), sampleMessage(2)], [sampleMessage(2), sampleMessage(3)], false);
    expect(idsOf(merged)).toEqual([1, 2, 3].map(sampleId));
  });

  it('C6: shows a message once that came live under a provisional id and is stored under another', () => {
    const provisional = sampleMessage(5, { clientMessageId: 'c2', provisional: true });
    expect(mergeTimeline([sampleMessage(1), sampleMessage(2)], [provisional], false)).toHaveLength(2);
  });

  it('C7: takes the further of two states, whichever side knows it', () => {
    const [first, second] = mergeTimeline(
      [ownMessage(1, { state: 'read' }), ownMessage(2, { state: 'stored' })],
      [ownMessage(1, { state: 'delivered' }), ownMessage(2, { state: 'delivered' })],
      false,
    );
    expect([first?.state, second?.state]).toEqual(['read', 'delivered']);
  });

  it('keeps a recall that only the history knows', () => {
    const recalled = sampleMessage(1, { content: {}, recalledAt: 9 });
    const [message] = mergeTimeline([recalled], [sampleMessage(1)], false);
    expect(message).toMatchObject({ content: {}, recalledAt: 9 });
  });

  it('takes who recalled a message from the side that knows it', () => {
    const told = { content: {}, recalledAt: 9, recalledBy: 'cat' };
    const untold = { content: {}, recalledAt: 9 };
    expect(mergeTimeline([sampleMessage(1, told)], [sampleMessage(1, untold)], false)[0]).toMatchObject(told);
    expect(mergeTimeline([sampleMessage(1, untold)], [sampleMessage(1, told)], false)[0]).toMatchObject(told);
  });

  it('has no gap: live messages below the history’s first wait for its next page', () => {
    const live = [sampleMessage(1), sampleMessage(6)];
    expect(idsOf(mergeTimeline([sampleMessage(5)], live, true))).toEqual([5, 6].map(sampleId));
    expect(idsOf(mergeTimeline([sampleMessage(5)], live, false))).toEqual([1, 5, 6].map(sampleId));
  });

  it('C5: puts messages that have no id yet at the end', () => {
    const pending = ownMessage(0, { messageId: '', sortKey: '~0000000000000001', clientMessageId: 'new' });
    expect(idsOf(mergeTimeline([], [pending, sampleMessage(3)], false))).toEqual([sampleId(3), '']);
  });
});
