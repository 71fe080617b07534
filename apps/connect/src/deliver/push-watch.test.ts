import { createManualClock } from '@chasqui/contracts';
import { describe, expect, it } from 'vitest';
import { PushWatch } from './push-watch.ts';

function watch(maxUnacked = 100, maxUnackedPerUser = maxUnacked) {
  const clock = createManualClock();
  return { clock, subject: new PushWatch({ clock, ackTimeoutMs: 15_000, maxUnacked, maxUnackedPerUser }) };
}

const ids = (unacked: readonly { messageId: string }[]) => unacked.map(({ messageId }) => messageId);

describe('the watch over pushed messages', () => {
  it('C9: gives up a message that no device acked within 15 s, once', async () => {
    const { clock, subject } = watch();
    subject.push('bob', 'm1', 'c');
    await clock.advance(14_999);
    expect(subject.due()).toEqual([]);
    await clock.advance(1);
    expect(ids(subject.due())).toEqual(['m1']);
    expect(subject.due()).toEqual([]);
  });

  it("C16: one user who acks nothing has a share: beyond it that user's oldest are given up, and nobody else's", async () => {
    const { subject } = watch(6, 3);
    subject.push('bob', 'm0', 'c');
    for (let i = 1; i <= 6; i++) subject.push('eve', `m${i}`, 'd');
    expect(subject.size).toBe(4);
    expect(ids(subject.due())).toEqual(['m1', 'm2', 'm3']);
    expect(subject.due()).toEqual([]);
    subject.acked('eve', 'm4');
    subject.push('eve', 'm7', 'd');
    expect(subject.due()).toEqual([]);
    subject.push('eve', 'm8', 'd');
    expect(ids(subject.all())).toEqual(['m5', 'm0', 'm6', 'm7', 'm8']);
    expect([subject.all(), subject.due()]).toEqual([[], []]);
  });

  it('C9: gives up what a user had not acked when the last socket closes, and nothing of others', () => {
    const { subject } = watch();
    subject.push('bob', 'm1', 'c');
    subject.push('bob', 'm2', 'c');
    subject.push('eve', 'm3', 'c');
    subject.acked('bob', 'm1');
    expect(ids(subject.closed('bob'))).toEqual(['m2']);
    expect(subject.size).toBe(1);
  });

  it('C9: an ack of anybody but the receiver changes nothing, before and after the push', async () => {
    const { clock, subject } = watch();
    subject.acked('eve', 'm1');
    subject.push('bob', 'm1', 'c');
    subject.push('bob', 'm2', 'c');
    subject.acked('ann', 'm2');
    subject.lost('ann', 'm2', 'c');
    await clock.advance(15_000);
    expect(subject.due().map(({ userId, messageId }) => [userId, messageId])).toEqual([
      ['bob', 'm1'],
      ['bob', 'm2'],
    ]);
  });

  it('C9: watches again what the receiver’s ack was lost of, also where somebody else acked before', async () => {
    const { clock, subject } = watch();
    subject.acked('eve', 'm1');
    subject.push('bob', 'm1', 'c');
    subject.acked('bob', 'm1');
    subject.lost('bob', 'm1', 'c');
    await clock.advance(15_000);
    expect(ids(subject.due())).toEqual(['m1']);
  });

  it('C9: waits for each user whom a message was pushed to, whoever else acked it', async () => {
    const { clock, subject } = watch();
    for (const user of ['bob', 'cid', 'dan']) subject.push(user, 'm1', 'c');
    expect(subject.size).toBe(3);
    subject.acked('bob', 'm1');
    expect(subject.closed('cid')).toMatchObject([{ userId: 'cid', messageId: 'm1' }]);
    expect(['bob', 'cid', 'dan', 'eve'].map((user) => subject.knows(user, 'm1'))).toEqual([true, true, true, false]);
    subject.push('bob', 'm1', 'c');
    await clock.advance(15_000);
    expect(subject.due()).toMatchObject([{ userId: 'dan', messageId: 'm1' }]);
    subject.lost('bob', 'm1', 'c');
    expect(subject.all()).toMatchObject([{ userId: 'bob', messageId: 'm1' }]);
  });

  it('C9: does not begin to watch what was acked but never pushed, when that ack is lost', () => {
    const { subject } = watch();
    subject.acked('bob', 'm1');
    subject.lost('bob', 'm1', 'c');
    expect(subject.size).toBe(0);
    subject.push('bob', 'm1', 'c');
    expect(subject.size).toBe(1);
  });

  it('C9: watches again what was acked before its push was told, when that ack is lost', () => {
    const { subject } = watch();
    subject.acked('bob', 'm1');
    subject.push('bob', 'm1', 'c');
    expect([subject.size, subject.knows('bob', 'm1')]).toEqual([0, true]);
    subject.lost('bob', 'm1', 'c');
    expect(ids(subject.all())).toEqual(['m1']);
  });

  it('remembers the receiver’s ack also where somebody else acks after it', async () => {
    const { clock, subject } = watch();
    subject.push('bob', 'm1', 'c');
    subject.acked('bob', 'm1');
    subject.acked('ann', 'm1');
    subject.push('bob', 'm1', 'c');
    await clock.advance(20_000);
    expect(subject.due()).toEqual([]);
  });

  it('does not watch again what was acked before its position was told', async () => {
    const { clock, subject } = watch();
    subject.push('bob', 'm1', 'c');
    subject.acked('bob', 'm1');
    subject.push('bob', 'm1', 'c');
    await clock.advance(20_000);
    expect(subject.due()).toEqual([]);
  });

  it('C9: watches a message again whose ack could not be passed on', async () => {
    const { clock, subject } = watch();
    subject.push('bob', 'm1', 'c');
    subject.acked('bob', 'm1');
    subject.lost('bob', 'm1', 'c');
    await clock.advance(15_000);
    expect(ids(subject.due())).toEqual(['m1']);
  });

  it('says when what is acked, or given up, was pushed', async () => {
    const { clock, subject } = watch();
    const start = clock.monotonic();
    await clock.advance(100);
    subject.push('bob', 'm1', 'c');
    subject.push('bob', 'm2', 'c');
    await clock.advance(30);
    expect(subject.acked('bob', 'm1')).toBe(start + 100);
    expect(subject.acked('bob', 'm1')).toBeUndefined();
    expect(subject.closed('bob')).toMatchObject([{ messageId: 'm2', pushedAt: start + 100 }]);
  });

  it('keeps the first due time when a message is pushed again', async () => {
    const { clock, subject } = watch();
    subject.push('bob', 'm1', 'c');
    await clock.advance(10_000);
    subject.push('bob', 'm1', 'c');
    await clock.advance(5_000);
    expect(ids(subject.due())).toEqual(['m1']);
  });

  it('C16: beyond its bound gives up the oldest at once', () => {
    const { subject } = watch(2);
    for (const id of ['m1', 'm2', 'm3', 'm4']) subject.push('bob', id, 'c');
    expect(ids(subject.due())).toEqual(['m1', 'm2']);
    expect(subject.size).toBe(2);
  });

  it('C7: knows what it pushed to whom, acked or given up, and nothing that was only acked', () => {
    const { subject } = watch();
    for (const id of ['m1', 'm2', 'm3']) subject.push('bob', id, 'c');
    subject.acked('bob', 'm2');
    const known = () => ['m1', 'm2', 'm3', 'm4'].map((id) => subject.knows('bob', id));
    subject.acked('bob', 'm4');
    expect(known()).toEqual([true, true, true, false]);
    expect(subject.closed('bob')).toHaveLength(2);
    expect(known()).toEqual([true, true, true, false]);
    expect(['m1', 'm2'].map((id) => subject.knows('eve', id))).toEqual([false, false]);
  });

  it('C16: acks of invented ids do not make it forget those of real ones', () => {
    const { subject } = watch();
    subject.push('bob', 'm1', 'c');
    subject.acked('bob', 'm1');
    for (let n = 0; n < 60_000; n++) subject.acked('eve', `x${n}`);
    expect(subject.knows('bob', 'm1')).toBe(true);
    subject.push('bob', 'm1', 'c');
    expect(subject.size).toBe(0);
  });
});
