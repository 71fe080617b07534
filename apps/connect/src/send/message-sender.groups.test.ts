import { decodeEvents } from '@chasqui/core';
import { contentDigests, defaultSettings, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { groupOf, memberOf } from '../testing/group-store.ts';
import { type SendingOptions, sending } from '../testing/sending.ts';

const toTeam = { conversationId: 'team' };

/** What ann's session is told of messages in the team. */
async function outcomes(options: SendingOptions, ...messages: Parameters<ReturnType<typeof sending>['send']>[1][]) {
  const world = sending(options);
  for (const [index, fields] of messages.entries()) world.send(`m${index}`, { ...toTeam, ...fields });
  await world.clock.advance(0);
  return world.told.map(({ type, code }) => (type === 'error' ? code : type));
}

const errorOf = (fields: Parameters<ReturnType<typeof sending>['send']>[1], options: SendingOptions = {}): unknown => {
  const world = sending(options);
  try {
    world.send('m', fields);
  } catch (error) {
    return error instanceof ImError ? { code: error.code, field: error.details.field } : error;
  }
  return undefined;
};

test('C5: a message to a group is pushed when the bus has it, and never before; the bus event is of a format of its own', async () => {
  const held: (() => void)[] = [];
  const world = sending({ publish: () => new Promise((resolve) => held.push(resolve)) });
  world.send('m1', { ...toTeam, mentions: ['bob'] });
  world.send('direct');
  await world.clock.advance(0);
  expect(world.pushed.map(({ group, userId }) => group ?? userId)).toEqual(['ann', 'bob']);
  for (const release of held.splice(0)) release();
  await world.clock.advance(0);
  for (const release of held.splice(0)) release();
  await world.clock.advance(0);
  const [live] = world.pushed.filter(({ group }) => group === 'team');
  expect(live).toMatchObject({ userId: 'ann', onlySession: '-', exceptSession: 's1' });
  expect(JSON.parse(live?.frame ?? '')).toMatchObject({ type: 'chat', kind: 'group', mentions: ['bob'] });
  expect(JSON.parse(live?.frame ?? '')).not.toHaveProperty('to');
  const events = world.published.flatMap((body) => decodeEvents(body)) as { v?: number; audience: string[] }[];
  expect(events.map(({ v, audience }) => [v, audience])).toContainEqual([2, ['~team']]);
  expect(events.map(({ v, audience }) => [v, audience])).toContainEqual([undefined, ['ann', 'bob']]);
});

test('C12: a message that the bus did not take was pushed to no group, so that nothing is retracted', async () => {
  const world = sending({ publish: () => Promise.reject(new ImError('bus_unavailable', 'away')) });
  world.send('m1', toTeam);
  await world.clock.advance(6_000);
  expect(world.told).toMatchObject([{ type: 'error', code: 'bus_unavailable', ref: 'm1' }]);
  expect(world.pushed).toEqual([]);
});

test('C18: who may not post is refused early', async () => {
  const group = groupOf();
  const channel = groupOf({ settings: { ...defaultSettings(10), post: 'admins' } });
  const admin = memberOf({ role: 'admin' });
  const standings = {
    stranger: { group, member: null },
    former: { group, member: memberOf({ intervals: [{ after: 0, afterId: '', upTo: 3, upToId: '1' }] }) },
    muted: { group, member: memberOf({ mutedUntil: 1e15 }) },
    unmuted: { group, member: memberOf({ mutedUntil: 1 }) },
    plain: { group: channel, member: memberOf() },
    admin: { group: channel, member: admin },
    nowhere: { group: null, member: null },
    dissolved: { group: groupOf({ dissolvedAt: 1 }), member: admin },
  };
  const codes: { [name: string]: unknown } = {};
  for (const [name, standing] of Object.entries(standings)) {
    codes[name] = (await outcomes({ standing: () => standing }, {}))[0];
  }
  expect(codes).toEqual({
    stranger: 'not_a_member',
    former: 'not_a_member',
    muted: 'muted',
    unmuted: 'send_ack',
    plain: 'not_allowed',
    admin: 'send_ack',
    nowhere: 'not_a_member',
    dissolved: 'not_a_member',
  });
  const all = { mentions: 'all' as const };
  const told = async (options: SendingOptions) => {
    const world = sending(options);
    world.send('m', { ...toTeam, ...all });
    await world.clock.advance(0);
    return world.told[0];
  };
  expect(await told({})).toMatchObject({ code: 'not_allowed', field: 'mentions' });
  const inChannel = { standing: () => standings.plain };
  expect(await told(inChannel)).toMatchObject({ code: 'not_allowed', field: 'conversationId' });
  expect(await outcomes({ standing: () => ({ group, member: admin }) }, all)).toEqual(['send_ack']);
});

test('C18: nobody is refused for good by what may have changed: it is read again first', async () => {
  let isMember = false;
  const world = sending({ standing: () => ({ group: groupOf(), member: isMember ? memberOf() : null }) });
  world.send('m1', toTeam);
  await world.clock.advance(0);
  isMember = true;
  world.send('m2', toTeam);
  await world.clock.advance(0);
  expect(world.told).toMatchObject([{ code: 'not_a_member', ref: 'm1' }, { type: 'send_ack' }]);
});

test('C3: a resend is treated as its first copy was, whatever has changed since; other mentions are another message (C4)', async () => {
  const kept = new Map<string, { digest: string }>();
  let isMuted = false;
  const world = sending({
    standing: () => ({ group: groupOf(), member: memberOf({ mutedUntil: isMuted ? 1e15 : 0 }) }),
    claim: (one) => {
      const first = kept.get(one.clientMessageId) ?? one;
      kept.set(one.clientMessageId, first);
      return { ...one, ...first };
    },
  });
  const send = async (key: string, fields: object = {}) => {
    world.told.length = 0;
    world.send(key, { ...toTeam, content: { text: 'x' }, ...fields });
    await world.clock.advance(10_000);
    return world.told.map(({ type, code }) => code ?? type);
  };
  expect(await send('m1', { mentions: ['bob'] })).toEqual(['send_ack']);
  isMuted = true;
  expect(await send('m1', { mentions: ['bob'] })).toEqual(['send_ack']);
  expect(await send('m1', { mentions: ['cid'] })).toEqual(['client_message_id_reused']);
  expect(await send('m2')).toEqual(['muted']);
  isMuted = false;
  expect(await send('m2')).toEqual(['muted']);
});

test('C18: a resend of a former or muted member is left to storing, and nobody is shown it before', async () => {
  const group = groupOf();
  const standings = {
    member: { group, member: memberOf() },
    former: { group, member: memberOf({ intervals: [{ after: 0, afterId: '', upTo: 3, upToId: '1' }] }) },
    muted: { group, member: memberOf({ mutedUntil: 1e15 }) },
    stranger: { group, member: null },
  };
  const seen: { [name: string]: unknown } = {};
  for (const [name, standing] of Object.entries(standings)) {
    const world = sending({ standing: () => standing });
    world.send('m1', { ...toTeam, resend: true });
    await world.clock.advance(0);
    const events = world.published.flatMap((body) => decodeEvents(body)) as { unpushed?: true }[];
    seen[name] = [world.told.map(({ type, code }) => code ?? type), world.pushed.length, events[0]?.unpushed];
  }
  const left = [['send_ack'], 0, true];
  expect(seen).toEqual({ member: left, former: left, muted: left, stranger: [['not_a_member'], 0, undefined] });
});

test('C20: what its sender could not send now is pushed live no more, though its first copy was accepted', async () => {
  const world = sending({
    standing: () => ({ group: groupOf(), member: memberOf({ mutedUntil: 1e15 }) }),
    // The claim of the first copy, which was accepted: the digest alone, without a verdict.
    claim: (one) => ({ ...one, digest: contentDigests({ to: 'team', kind: 'group', content: { text: 'm1' } })[0] }),
  });
  world.send('m1', toTeam);
  await world.clock.advance(0);
  expect(world.told).toMatchObject([{ type: 'send_ack' }]);
  expect(world.pushed).toEqual([]);
});

test('C11: while the store is away, those whose session is in the group go on, and others may ask again', async () => {
  const away = { standing: () => null };
  expect(await outcomes({ ...away, isInGroups: true }, {})).toEqual(['send_ack']);
  expect(await outcomes(away, {})).toEqual(['store_unavailable']);
});

test('C23: a hot group slows its senders, and a stranger slows nobody', async () => {
  const limits = { groupMessagesPerSecond: 10, groupMessageBurst: 2 };
  expect(await outcomes({ limits }, {}, {}, {})).toEqual(['too_fast', 'send_ack', 'send_ack']);
  let isMember = false;
  const world = sending({ limits, standing: () => ({ group: groupOf(), member: isMember ? memberOf() : null }) });
  for (let n = 0; n < 5; n++) world.send(`s${n}`, toTeam);
  await world.clock.advance(0);
  isMember = true;
  world.told.length = 0;
  for (const key of ['a', 'b', 'c']) world.send(key, toTeam);
  world.send('other', { conversationId: 'crew' });
  await world.clock.advance(0);
  const told = world.told.map(({ type, code, ref, clientMessageId, retryAfterMs }) => [
    ref ?? clientMessageId,
    code ?? type,
    retryAfterMs,
  ]);
  expect(told).toHaveLength(4);
  for (const key of ['a', 'b', 'other']) expect(told).toContainEqual([key, 'send_ack', undefined]);
  expect(told).toContainEqual(['c', 'too_fast', 100]);
  await world.clock.advance(100);
  world.send('c', toTeam);
  await world.clock.advance(0);
  expect(world.told.at(-1)).toMatchObject({ type: 'send_ack', clientMessageId: 'c' });
  expect(await outcomes({ limits: { maxGroupBacklog: 10 }, backlog: 10 }, {})).toEqual(['too_fast']);
});

test('C15: a message has one address, of its kind; mentions are of groups', () => {
  const both = { to: 'bob', ...toTeam };
  expect(errorOf(both)).toEqual({ code: 'invalid_frame', field: 'conversationId' });
  expect(errorOf({ ...toTeam, kind: 'c2c' })).toEqual({ code: 'recipient_invalid', field: 'conversationId' });
  expect(errorOf({ kind: 'group' })).toEqual({ code: 'recipient_invalid', field: 'conversationId' });
  expect(errorOf({ mentions: ['bob'] })).toEqual({ code: 'mention_invalid', field: 'mentions' });
  expect(errorOf({ conversationId: 'bob~cid' })).toEqual({ code: 'not_a_member', field: 'conversationId' });
});

test('a direct conversation may be addressed by its id', async () => {
  const world = sending();
  world.send('m1', { conversationId: 'ann~bob' });
  await world.clock.advance(0);
  expect(world.pushedTo('bob')).toMatchObject([{ type: 'chat', kind: 'c2c', to: 'bob', clientMessageId: 'm1' }]);
});
