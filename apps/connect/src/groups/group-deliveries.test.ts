import { setImmediate as nextTurn } from 'node:timers/promises';
import { DEFAULT_LIMITS, type Interval } from '@chasqui/domain';
import { decodeFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { Session } from '../sessions/session.ts';
import { lateClock } from '../testing/late-clock.ts';
import { GroupDeliveries } from './group-deliveries.ts';
import { GroupFrame } from './group-frame.ts';
import { LocalGroup } from './local-group.ts';

const SINCE_EVER: Interval = { after: 0, afterId: '' };

function stage(maxGroupBacklog: number = DEFAULT_LIMITS.maxGroupBacklog) {
  /** What every socket got, in order: session and frame. */
  const sent: { to: string; data: string | Uint8Array }[] = [];
  const failed: string[] = [];
  let pushed = 0;
  const late = lateClock();
  /** How long groups rest, ms. */
  const rests: number[] = [];
  const after = (ms: number, callback: () => void) => {
    rests.push(ms);
    return late.clock.after(ms, callback);
  };
  const deliveries = new GroupDeliveries({
    limits: { maxGroupBacklog },
    clock: { ...late.clock, after },
    pushed(count) {
      pushed += count;
    },
    failed: ({ sessionId }) => failed.push(sessionId),
  });
  /** What a write takes, ms. */
  let writeMs = 0;
  const flush = () => late.pass(writeMs);
  const sessionOf = (id: string, { subprotocol = '', breaks = false } = {}) => {
    const send = (data: string | Uint8Array) => {
      if (breaks) throw new RangeError('a fault of ours');
      sent.push({ to: id, data });
      return 'sent';
    };
    const session = new Session({ id, subprotocol, send, flush } as never, id, 0);
    return Object.assign(session, { userId: id, state: 'open' as const });
  };
  const groupOf = (id: string, size: number) => {
    const group = new LocalGroup(id);
    for (let n = 0; n < size; n++) group.sessions.set(sessionOf(`${id}${n}`), SINCE_EVER);
    return group;
  };
  const frame = (text: string, fields: object = {}) => new GroupFrame({ frame: JSON.stringify({ text }), ...fields });
  const textsOf = (to: string) => sent.filter((one) => one.to === to).map(({ data }) => JSON.parse(String(data)).text);
  /** All turns up to the next rests. */
  const turns = async () => {
    for (let before = -1; before !== sent.length; await nextTurn()) before = sent.length;
  };
  const quiet = async () => {
    for (await turns(); late.timers.length > 0; await turns()) late.fire();
  };
  return {
    deliveries,
    sent,
    late,
    rests,
    turns,
    failed,
    sessionOf,
    groupOf,
    frame,
    textsOf,
    quiet,
    pushedCount: () => pushed,
    slowWrites: (ms: number) => {
      writeMs = ms;
    },
  };
}

test('C5: every session of a large group gets all frames in their order, once; the one excepted does not', async () => {
  const { deliveries, groupOf, frame, textsOf, quiet, sent, pushedCount } = stage();
  const large = groupOf('g', 1_234);
  const counts = ['a', 'b', 'c'].map((text) => deliveries.send(large, frame(text, { exceptSession: 'g7' })));
  expect(counts).toEqual([1_234, 1_234, 1_234]);
  await nextTurn();
  deliveries.send(large, frame('d'));
  await quiet();
  for (let n = 0; n < 1_234; n++) expect(textsOf(`g${n}`)).toEqual(n === 7 ? ['d'] : ['a', 'b', 'c', 'd']);
  expect(pushedCount()).toBe(sent.length);
  expect(large.backlog).toBe(0);
});

test('C23: a turn writes to a bounded number of sockets, and groups take turns', async () => {
  const { deliveries, groupOf, frame, textsOf, sent, quiet } = stage();
  const [large, small] = [groupOf('l', 5_000), groupOf('s', 3)];
  deliveries.send(large, frame('large'));
  deliveries.send(small, frame('small'));
  expect(sent.length).toBeLessThanOrEqual(70);
  expect(deliveries.waiting).toBe(5_003);
  let turns = 0;
  for (let before = sent.length; sent.length < 5_003; before = sent.length) {
    await nextTurn();
    turns++;
    expect(sent.length - before).toBeLessThanOrEqual(70);
    expect(textsOf('s2')).toEqual(['small']);
    expect(turns).toBeLessThan(150);
  }
  expect(turns).toBeGreaterThanOrEqual(70);
  await quiet();
  expect(deliveries.waiting).toBe(0);
});

test('C23: where a write takes longer, a turn has fewer', async () => {
  const { deliveries, groupOf, frame, sent, slowWrites, quiet } = stage();
  slowWrites(0.1);
  const group = groupOf('g', 100);
  deliveries.send(group, frame('x'));
  for (let before = 0; sent.length < 100; before = sent.length, await nextTurn()) {
    expect(sent.length - before).toBeLessThanOrEqual(5);
  }
  await quiet();
  expect(sent).toHaveLength(100);
});

test('C23: a group rests after a frame, the longer the more sessions; what comes meanwhile is one write for each', async () => {
  const { deliveries, groupOf, frame, sent, late, rests, turns, quiet } = stage();
  const group = groupOf('g', 150);
  deliveries.send(group, frame('at once'));
  await turns();
  expect(sent).toHaveLength(150);
  for (const text of ['b', 'c', 'd']) deliveries.send(group, frame(text));
  await turns();
  expect(sent).toHaveLength(150);
  expect(deliveries.waiting).toBe(450);
  late.fire();
  await quiet();
  expect(sent.slice(150, 156).map(({ to, data }) => `${to} ${JSON.parse(String(data)).text}`)).toEqual([
    ...['g0 b', 'g0 c', 'g0 d'],
    ...['g1 b', 'g1 c', 'g1 d'],
  ]);
  deliveries.send(group, frame('at once again'));
  expect(sent.length).toBeGreaterThan(600);
  for (const size of [9, 10, 100, 5_000]) deliveries.send(groupOf(`of${size}-`, size), frame('x'));
  await quiet();
  expect(rests).toEqual([30, 30, 30, 2, 20, 100]);
});

test('C23: a group rests no longer once a write is full', async () => {
  const { deliveries, groupOf, frame, textsOf, turns } = stage();
  const group = groupOf('g', 50);
  for (let n = 0; n <= 31; n++) deliveries.send(group, frame(`${n}`));
  await turns();
  expect(textsOf('g49')).toEqual(['0']);
  deliveries.send(group, frame('32'));
  await turns();
  expect(textsOf('g49')).toEqual(Array.from({ length: 33 }, (_, n) => `${n}`));
});

test('a small group’s frame is sent within the call', () => {
  const { deliveries, groupOf, frame, textsOf } = stage();
  const group = groupOf('g', 3);
  for (const text of ['a', 'b']) deliveries.send(group, frame(text));
  expect(textsOf('g2')).toEqual(['a', 'b']);
});

test('C20: whoever leaves gets nothing more, also of what waits', async () => {
  const { deliveries, groupOf, frame, textsOf, quiet } = stage();
  const group = groupOf('g', 2_000);
  for (const text of ['a', 'b']) deliveries.send(group, frame(text));
  const [last] = [...group.sessions.keys()].slice(-1);
  if (last !== undefined) group.sessions.delete(last);
  await quiet();
  expect(textsOf('g1999')).toEqual([]);
  expect(textsOf('g1998')).toEqual(['a', 'b']);
});

test('C20: what is older than a stay does not come to a newcomer, however late it comes', () => {
  const { deliveries, sessionOf, textsOf } = stage();
  const group = new LocalGroup('g');
  group.sessions.set(sessionOf('old'), SINCE_EVER);
  group.sessions.set(sessionOf('new'), { after: 10, afterId: '0005' });
  const live = (messageId: string) =>
    new GroupFrame({ frame: `{"text":"${messageId}"}`, watch: { messageId, conversationId: 'g' } });
  const notice = (position: number) => new GroupFrame({ frame: JSON.stringify({ text: `at ${position}`, position }) });
  for (const one of [live('0004'), live('0005'), live('0006'), notice(10), notice(11)]) deliveries.send(group, one);
  deliveries.send(group, new GroupFrame({ frame: '{"text":"typing"}' }));
  const stored = (text: string, ...positions: number[]) =>
    new GroupFrame({ frame: JSON.stringify({ text, messages: positions.map((position) => ({ position })) }) });
  for (const one of [stored('both', 11, 10), stored('newer', 11, 12)]) deliveries.send(group, one);
  expect(textsOf('new')).toEqual(['0006', 'at 11', 'typing', 'newer']);
  expect(textsOf('old')).toEqual(['0004', '0005', '0006', 'at 10', 'at 11', 'typing', 'both', 'newer']);
});

test('C19: a frame is encoded once for each format; only open sessions get it, and a fault is that of one session', () => {
  const { deliveries, sessionOf, frame, sent, failed } = stage();
  const group = new LocalGroup('g');
  const packed = { subprotocol: 'chasqui.v1.msgpack' };
  const sessions = [
    sessionOf('broken', { breaks: true }),
    sessionOf('p1', packed),
    sessionOf('j1'),
    sessionOf('p2', packed),
  ];
  const closed = Object.assign(sessionOf('closed'), { state: 'closed' });
  for (const session of [...sessions, closed]) group.sessions.set(session, SINCE_EVER);
  expect(deliveries.send(group, frame('x'))).toBe(5);
  expect(failed).toEqual(['broken']);
  expect(sent.map(({ to }) => to)).toEqual(['p1', 'j1', 'p2']);
  expect(sent[0]?.data).toBe(sent[2]?.data);
  expect(decodeFrame(sent[0]?.data ?? '', 'chasqui.v1.msgpack')).toEqual({ text: 'x' });
});

test('C16: beyond the bound frames are dropped, and the members are then told to sync', async () => {
  const { deliveries, groupOf, frame, sent, quiet } = stage(3_000);
  const group = groupOf('g', 1_000);
  const counts = Array.from({ length: 10 }, (_, n) => deliveries.send(group, frame(`${n}`)));
  expect(counts.slice(-1)).toEqual([0]);
  expect(group.backlog).toBeLessThanOrEqual(7_000);
  await quiet();
  const last = sent.slice(-1_000).map(({ data }) => JSON.parse(String(data)));
  expect(last.every(({ type }) => type === 'sync_needed')).toBe(true);
  expect(deliveries.send(group, frame('again'))).toBe(1_000);
  await quiet();
  expect(sent).toHaveLength(1_000 * (counts.filter((count) => count > 0).length + 2));
});
