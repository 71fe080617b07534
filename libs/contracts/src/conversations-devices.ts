import { DEFAULT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';

const { maxDevicesPerUser } = DEFAULT_LIMITS;

/** How far each device of a user has confirmed. */
export function deviceTests(harness: ConversationsHarness): void {
  const { logs, record } = conversationsFixture(harness);

  test('a confirmation moves a device forward, never back and never beyond the head', async () => {
    for (let i = 0; i < 5; i++) await record();
    const confirm = (deviceId: string, position: number, at: number) =>
      logs().confirm({ userId: BOB, deviceId, position, at });
    expect(await confirm('phone', 3, 10)).toEqual({ before: 0, now: 3 });
    expect(await confirm('laptop', 2, 11)).toEqual({ before: 3, now: 3 });
    expect(await confirm('laptop', 99, 12)).toEqual({ before: 3, now: 5 });
    expect(await confirm('phone', 1, 13)).toEqual({ before: 5, now: 5 });
    const devices = await logs().devices(BOB);
    expect(devices.map(({ deviceId, position }) => [deviceId, position]).sort()).toEqual([
      ['laptop', 5],
      ['phone', 3],
    ]);
    expect(await logs().devices(ANN)).toEqual([]);
    expect(await logs().confirm({ userId: 'nobody', deviceId: 'x', position: 4, at: 1 })).toEqual({
      before: 0,
      now: 0,
    });
  });

  test('C16: beyond the bound the device that confirmed longest ago is forgotten, never the one that confirms', async () => {
    for (let i = 0; i < 3; i++) await record();
    const confirm = (deviceId: string, position: number, at: number) =>
      logs().confirm({ userId: BOB, deviceId, position, at });
    const names = async () => (await logs().devices(BOB)).map(({ deviceId }) => deviceId).sort();
    const kept = Array.from({ length: maxDevicesPerUser - 2 }, (_, i) => `d${i}`);
    await confirm('first', 1, 10);
    await confirm('furthest', 2, 11);
    for (const [i, deviceId] of kept.entries()) await confirm(deviceId, 1, 100 + i);
    await confirm('first', 2, 50);
    expect(await names()).toEqual(['first', 'furthest', ...kept].sort());
    expect(await confirm('late', 1, 5)).toEqual({ before: 2, now: 2 });
    expect(await names()).toEqual(['first', 'late', ...kept].sort());
    expect(await confirm('next', 1, 200)).toEqual({ before: 2, now: 2 });
    expect(await confirm('last', 1, 201)).toEqual({ before: 2, now: 2 });
    expect(await names()).toEqual(['last', 'next', ...kept].sort());
    expect(await confirm('last', 3, 202)).toEqual({ before: 1, now: 3 });
  });
}
