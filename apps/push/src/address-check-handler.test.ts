import { type AddressCheck, PUSH_GROUP, PUSH_TOPIC } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { pushWorld } from './testing/fixture.ts';

type World = ReturnType<typeof pushWorld>;

function checkOf({ clock }: World, fields: Partial<AddressCheck> = {}): AddressCheck {
  return {
    type: 'address_check',
    checkId: 'c'.repeat(32),
    to: 'eve',
    deviceId: 'phone',
    address: 'bob@example.net',
    code: '7K3QX-M0V4T',
    language: 'zh',
    at: clock.now(),
    expiresAt: clock.now() + 900_000,
    ...fields,
  };
}

const outcomeOf = (world: World, { checkId }: AddressCheck) => world.outcomes({ messageId: checkId });

describe('codes that show whose an address is', () => {
  test('C17: a code is sent to the address, once, and its outcome is recorded', async () => {
    const world = pushWorld({ providers: ['email'] });
    const check = checkOf(world);
    await world.publish(check);
    await world.publish(check);
    await world.clock.advance(3_000);
    expect(world.senders.email.sent).toMatchObject([
      { code: check.code, title: '', body: '', language: 'zh', registration: { token: 'bob@example.net' } },
    ]);
    const ended = { deviceId: 'phone', result: 'accepted', reason: 'sent', provider: 'email', attempts: 1 };
    expect(await outcomeOf(world, check)).toEqual([ended]);
    expect(await world.waiting()).toBe(0);
  });

  test('C17: it is tried again while it is of use, and then given up', async () => {
    const world = pushWorld({ providers: ['email'] });
    const check = checkOf(world);
    world.senders.email.answers.push({ type: 'retry', reason: 'smtp 451', scope: 'device' });
    await world.publish(check);
    await world.clock.advance(30_000);
    expect(await outcomeOf(world, check)).toMatchObject([{ result: 'accepted', attempts: 2 }]);
    const late = checkOf(world, { checkId: 'd'.repeat(32), expiresAt: world.clock.now() - 1 });
    await world.publish(late);
    await world.clock.advance(3_000);
    expect(await outcomeOf(world, late)).toMatchObject([{ result: 'given_up', reason: 'stale' }]);
    expect(world.senders.email.sent).toHaveLength(2);
  });

  test('C17: without a mail server nothing is sent; an address that is none loses its registration', async () => {
    const without = pushWorld({ providers: ['apns'] });
    const check = checkOf(without);
    await without.publish(check);
    await without.clock.advance(3_000);
    expect(await outcomeOf(without, check)).toMatchObject([{ result: 'not_needed', reason: 'no_provider' }]);
    const world = pushWorld({ providers: ['email'] });
    await world.register('email', { userId: 'eve', token: 'bob@example.net', unconfirmed: true });
    world.senders.email.answers.push({ type: 'dead', reason: 'smtp 550' });
    await world.publish(checkOf(world));
    await world.clock.advance(3_000);
    expect((await world.engines.devices.list(['eve']))[0]).toMatchObject([{ registrations: [] }]);
  });

  test('C15, C17: a task of a kind that Push does not know yet waits; those beside it are done, or refused alone', async () => {
    const world = pushWorld({ providers: ['apns'] });
    await world.register('apns');
    const task = await world.stored('hello');
    const newer = { type: 'of_tomorrow', to: 'bob' };
    await world.publish(newer, task, { ...checkOf(world), code: 7 });
    await world.clock.advance(5_000);
    expect(await world.outcomes(task)).toMatchObject([{ result: 'accepted' }]);
    const dead = await world.engines.bus.deadLetters(PUSH_TOPIC, PUSH_GROUP, 10);
    expect(dead.map(({ error }) => error)).toEqual(['invalid_request: address_check: code must be string']);
    expect(await world.engines.bus.lag(PUSH_TOPIC, PUSH_GROUP)).toHaveLength(1);
  });
});

describe('what an address is told', () => {
  test('nothing, until it was shown to be its user’s', async () => {
    const world = pushWorld({ providers: ['email', 'apns'] });
    await world.register('email', { unconfirmed: true });
    const first = await world.stored('hello');
    await world.publish(first);
    await world.clock.advance(3_000);
    expect(await world.outcomes(first)).toMatchObject([{ result: 'not_needed', reason: 'no_device' }]);
    await world.register('email');
    const second = await world.stored('hello again');
    await world.publish(second);
    await world.clock.advance(3_000);
    expect(world.senders.email.sent.map(({ messageId }) => messageId)).toEqual([second.messageId]);
  });

  test('who wrote by the user id; by the name that they chose only where they are a contact', async () => {
    const world = pushWorld({ providers: ['email'] });
    await world.register('email');
    for (const userId of ['ann', 'eve']) {
      await world.profile(userId, (profile) => {
        profile.displayName = 'YOU WON, SEE http://evil.example';
      });
    }
    const { contacts } = world.engines;
    await contacts.request('ann', 'bob', 1);
    await contacts.accept('bob', 'ann', 2);
    // Bob has not accepted the request, so eve is still a stranger.
    await contacts.request('eve', 'bob', 3);
    for (const from of ['ann', 'eve']) await world.publish(await world.stored('hello', from));
    await world.clock.advance(3_000);
    expect(world.senders.email.sent.map(({ title }) => title).toSorted()).toEqual([
      'YOU WON, SEE http://evil.example',
      'eve',
    ]);
  });

  test('C16: one address gets few mails, whoever writes and whoever says that it is theirs', async () => {
    const world = pushWorld({ providers: ['email'], settings: { mailsPerAddress: { perSecond: 1 / 120, burst: 4 } } });
    const token = 'stranger@example.net';
    for (const userId of ['bob', 'cat', 'dan']) await world.register('email', { userId, token });
    const tasks = [];
    for (const to of ['bob', 'cat', 'dan']) {
      for (const from of ['ann', 'eve']) tasks.push(await world.stored('hello', from, to));
    }
    await world.publish(...tasks);
    const check = checkOf(world, { address: 'Stranger@example.net' });
    await world.publish(check);
    await world.clock.advance(5_000);
    expect(world.senders.email.sent).toHaveLength(4);
    const ends = (await Promise.all([...tasks, { messageId: check.checkId }].map((one) => world.outcomes(one)))).flat();
    expect(ends.filter(({ reason }) => reason === 'too_many_mails')).toHaveLength(3);
    await world.clock.advance(120_000);
    await world.publish(await world.stored('later', 'fay', 'bob'));
    await world.clock.advance(5_000);
    expect(world.senders.email.sent).toHaveLength(5);
  });
});
