import { describe, expect, test } from 'vitest';
import { accepted, pushWorld } from './testing/fixture.ts';

describe('processing push tasks', () => {
  test('C17: a device that can be reached is told, and its outcome is recorded', async () => {
    const { register, stored, publish, outcomes, clock, senders, waiting } = pushWorld();
    await register('apns');
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    expect(await outcomes(task)).toEqual([accepted]);
    expect(senders.apns.sent).toMatchObject([
      { title: 'ann', body: 'New message', badge: 1, messageId: task.messageId, deviceId: 'phone' },
    ]);
    expect(await waiting()).toBe(0);
  });

  test('C17: a field of a newer version goes with a task that is put back', async () => {
    const { engines, register, stored, publish, clock, senders } = pushWorld();
    await register('apns');
    senders.apns.answers.push({ type: 'retry', reason: '503', scope: 'device' });
    const bodies: string[] = [];
    const { publish: publishOn } = engines.bus;
    engines.bus.publish = (publication) => {
      bodies.push(publication.body);
      return publishOn(publication);
    };
    await publish({ ...(await stored('hello')), later: { of: 'tomorrow' } });
    await clock.advance(60_000);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toContain('"later":{"of":"tomorrow"}');
  });

  test('C17: without a provider, or without a device, the outcome says so', async () => {
    const bare = pushWorld({ providers: [] });
    await bare.register('apns');
    const first = await bare.stored('hello');
    await bare.publish(first);
    await bare.clock.advance(2_000);
    const none = { result: 'not_needed', provider: null, attempts: 0 };
    expect(await bare.outcomes(first)).toEqual([{ ...none, deviceId: 'phone', reason: 'no_provider' }]);
    const { engines, stored, publish, clock, outcomes } = pushWorld();
    await engines.devices.seen([{ userId: 'bob', deviceId: 'web', platform: 'web', at: 1 }]);
    const second = await stored('hello');
    await publish(second);
    await clock.advance(2_000);
    expect(await outcomes(second)).toEqual([{ ...none, deviceId: '', reason: 'no_device' }]);
  });

  test('C17: who has muted the conversation is not notified of it until the time that they set; the outcome says so', async () => {
    const { engines, register, stored, publish, outcomes, clock, senders } = pushWorld();
    await register('apns');
    const mute = (level: 'none' | 'mentions', until: number) => {
      const key = { userId: 'bob', conversationId: 'ann~bob' };
      return engines.conversationStates.change(key, { notify: { level, until } }, clock.now());
    };
    const tell = async (from = 'ann') => {
      const task = await stored('hello', from);
      await publish(task);
      await clock.advance(2_000);
      return (await outcomes(task)).map(({ result, reason }) => `${result} ${reason}`);
    };
    await mute('none', clock.now() + 3_000);
    expect(await tell()).toEqual(['not_needed muted']);
    expect(await tell('cat')).toEqual(['accepted sent']);
    expect(await tell()).toEqual(['accepted sent']);
    await mute('none', 0);
    expect(await tell()).toEqual(['not_needed muted']);
    await mute('mentions', 0);
    expect(await tell()).toEqual(['accepted sent']);
    expect(senders.apns.sent).toHaveLength(3);
  });

  test('C8: muting must not suppress unread counts: the badge has those of muted conversations too', async () => {
    const { engines, register, stored, publish, clock, senders } = pushWorld();
    await register('apns');
    const notify = { level: 'none', until: 0 } as const;
    await engines.conversationStates.change({ userId: 'bob', conversationId: 'ann~bob' }, { notify }, 1);
    await publish(await stored('1'), await stored('2'), await stored('3', 'cat'));
    await clock.advance(2_000);
    expect(senders.apns.sent).toMatchObject([{ badge: 3 }]);
  });

  test('each device is told once, by the preferred of its providers that are configured', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld({ providers: ['fcm', 'webpush'] });
    await register('apns', { deviceId: 'phone' });
    await register('webpush', { deviceId: 'phone' });
    await register('fcm', { deviceId: 'phone' });
    await register('webpush', { deviceId: 'laptop', token: 'other' });
    await register('apns', { deviceId: 'tablet', token: 'third' });
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    expect((await outcomes(task)).map((one) => [one.deviceId, one.provider, one.result]).sort()).toEqual([
      ['laptop', 'webpush', 'accepted'],
      ['phone', 'fcm', 'accepted'],
      ['tablet', null, 'not_needed'],
    ]);
    expect(senders.fcm.sent).toHaveLength(1);
    expect(senders.webpush.sent).toHaveLength(1);
  });

  test('many messages of a conversation are one notification; other conversations have their own', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld();
    await register('apns');
    const tasks = [await stored('1'), await stored('2'), await stored('3')];
    const other = await stored('x', 'cat');
    await publish(tasks[2], tasks[0], tasks[1], other);
    await clock.advance(2_000);
    expect(senders.apns.sent.map(({ body, messageId, badge }) => [body, messageId, badge])).toEqual([
      ['3 new messages', tasks[2]?.messageId, 4],
      ['New message', other.messageId, 4],
    ]);
    const reasons = await Promise.all([...tasks, other].map(async (task) => (await outcomes(task))[0]?.reason));
    expect(reasons).toEqual(['collapsed', 'collapsed', 'sent', 'sent']);
  });

  test('the first message is told at once; those that come while it is told are one more notification', async () => {
    const { register, stored, publish, clock, senders } = pushWorld();
    await register('apns');
    for (const text of ['1', '2', '3', '4']) await publish(await stored(text));
    await clock.advance(0);
    expect(senders.apns.sent).toHaveLength(1);
    await clock.advance(1_000);
    expect(senders.apns.sent).toHaveLength(2);
    expect(new Set(senders.apns.sent.map(({ collapseId }) => collapseId)).size).toBe(1);
  });

  test('C17: what is delivered twice, or again after a crash, is told once and recorded once', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld();
    await register('apns');
    const task = await stored('hello');
    await publish(task, task);
    await clock.advance(2_000);
    await publish(task);
    await publish({ ...task, deviceId: 'phone', attempts: 3 });
    await clock.advance(2_000);
    expect(senders.apns.sent).toHaveLength(1);
    expect(await outcomes(task)).toEqual([accepted]);
  });

  test('an outcome for nobody ends the task, whoever registers after', async () => {
    const { register, stored, publish, outcomes, clock, senders } = pushWorld();
    const task = await stored('hello');
    await publish(task);
    await clock.advance(2_000);
    await register('apns');
    await publish(task);
    await clock.advance(2_000);
    expect(senders.apns.sent).toEqual([]);
    expect(await outcomes(task)).toMatchObject([{ deviceId: '', reason: 'no_device' }]);
  });

  test('what is no push task goes to the dead letters, its neighbours are ended', async () => {
    const { register, stored, publish, outcomes, clock, engines } = pushWorld();
    await register('apns');
    const task = await stored('hello');
    await publish({ ...task, to: 'eve' }, task, { nonsense: 1 });
    await clock.advance(5_000);
    expect(await outcomes(task)).toEqual([accepted]);
    expect(await engines.bus.deadLetters('push', 'push', 10)).toHaveLength(2);
  });
});
