import { type Device, PEOPLE_LIMITS, type PushRegistration } from '@chasqui/domain';
import type { DeviceStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;
const phone = { userId: 'Ann', deviceId: 'phone-1', platform: 'ios' };

function registration(fields: Partial<PushRegistration> = {}): PushRegistration {
  return { provider: 'apns', token: 'a1b2', app: 'org.example.chat', language: 'zh-Hant-TW', at: T, ...fields };
}

/** Everything that `DeviceStore` promises. */
export function deviceStoreContract(name: string, harness: Harness<DeviceStore>): void {
  describe(`DeviceStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const of = async (userId: string): Promise<Device[]> => (await store().list([userId]))[0] ?? [];

    test('a device appears when it is seen, and is as it was seen last', async () => {
      expect(await store().list(['Ann', 'ann'])).toEqual([[], []]);
      await store().seen([{ ...phone, at: T }]);
      await store().seen([
        { ...phone, at: T + 5, platform: 'ipados' },
        { ...phone, at: T + 2, platform: 'older' },
        { ...phone, deviceId: 'web', platform: 'web', at: T + 9 },
        { ...phone, userId: 'ann', at: T },
      ]);
      const [ann, lower] = await store().list(['Ann', 'ann']);
      expect(ann).toEqual([
        { ...phone, deviceId: 'web', platform: 'web', firstSeenAt: T + 9, lastSeenAt: T + 9, registrations: [] },
        { ...phone, platform: 'ipados', firstSeenAt: T, lastSeenAt: T + 5, registrations: [] },
      ]);
      expect(lower).toHaveLength(1);
      await store().ping();
    });

    test('a registration replaces the one with its provider, stands beside others, and makes its device', async () => {
      const email = registration({ provider: 'email', token: 'ann@example.org', app: '', language: '' });
      const subscription = JSON.stringify({ endpoint: `https://push.example/${'x'.repeat(3_900)}`, keys: {} });
      await store().register(phone, email);
      await store().register(phone, registration({ at: T + 1 }));
      await store().register(phone, registration({ token: 'c3d4', at: T + 2 }));
      await store().register(phone, registration({ provider: 'webpush', token: subscription, at: T + 2 }));
      expect(await of('Ann')).toEqual([
        {
          ...phone,
          firstSeenAt: T,
          lastSeenAt: T + 2,
          registrations: [
            registration({ token: 'c3d4', at: T + 2 }),
            registration({ provider: 'webpush', token: subscription, at: T + 2 }),
            email,
          ],
        },
      ]);
    });

    test('a token leads to one person: registered elsewhere it is gone from where it was; addresses are not taken away', async () => {
      const bob = { userId: 'bob', deviceId: 'phone-1', platform: 'ios' };
      await store().register(phone, registration());
      await store().register(phone, registration({ provider: 'fcm' }));
      await store().register(phone, registration({ provider: 'email', token: 'x@example.org' }));
      await store().register(bob, registration());
      await store().register(bob, registration({ provider: 'email', token: 'x@example.org' }));
      expect((await of('bob'))[0]?.registrations.map(({ provider }) => provider)).toEqual(['apns', 'email']);
      expect((await of('Ann'))[0]?.registrations.map(({ provider }) => provider)).toEqual(['fcm', 'email']);
    });

    test('an e-mail address is unconfirmed until it is registered as confirmed; others are not asked', async () => {
      const address = registration({ provider: 'email', token: 'ann@example.org', unconfirmed: true });
      await store().register(phone, registration());
      await store().register(phone, address);
      const registered = async () => (await of('Ann'))[0]?.registrations;
      expect(await registered()).toEqual([registration(), address]);
      const { unconfirmed: _, ...confirmed } = address;
      await store().register(phone, { ...confirmed, at: T + 1 });
      expect(await registered()).toEqual([registration(), { ...confirmed, at: T + 1 }]);
      await store().register(phone, { ...address, token: 'other@example.org' });
      expect((await registered())?.[1]).toEqual({ ...address, token: 'other@example.org' });
    });

    test('C17: a dead token is removed only while it is still that one', async () => {
      const key = { userId: 'Ann', deviceId: 'phone-1', provider: 'apns' } as const;
      expect(await store().unregister(key)).toBe(false);
      await store().register(phone, registration({ token: 'fresh' }));
      expect(await store().unregister(key, 'dead')).toBe(false);
      expect(await store().unregister({ ...key, provider: 'fcm' }, 'fresh')).toBe(false);
      expect((await of('Ann'))[0]?.registrations).toHaveLength(1);
      expect(await store().unregister(key, 'fresh')).toBe(true);
      expect(await of('Ann')).toMatchObject([{ deviceId: 'phone-1', registrations: [] }]);
      await store().register(phone, registration());
      expect(await store().unregister(key)).toBe(true);
    });

    test('a forgotten device is gone with its registrations', async () => {
      await store().register(phone, registration());
      expect(await store().forget('Ann', 'web')).toBe(false);
      expect(await store().forget('Ann', 'phone-1')).toBe(true);
      expect(await store().forget('Ann', 'phone-1')).toBe(false);
      await store().seen([{ ...phone, at: T }]);
      expect(await of('Ann')).toMatchObject([{ registrations: [] }]);
    });

    test('C16: beyond the bound the device that was seen longest ago goes', async () => {
      const { maxDevicesPerUser } = PEOPLE_LIMITS;
      await store().register({ ...phone, deviceId: 'd1' }, registration({ at: T + 1 }));
      await store().seen(
        Array.from({ length: maxDevicesPerUser - 1 }, (_, i) => ({ ...phone, deviceId: `d${i + 2}`, at: T + i + 2 })),
      );
      await store().seen([{ ...phone, deviceId: 'd1', at: T + 100 }]);
      expect(await of('Ann')).toHaveLength(maxDevicesPerUser);
      await store().register({ ...phone, deviceId: 'new' }, registration({ token: 'other', at: T + 50 }));
      const names = (await of('Ann')).map(({ deviceId }) => deviceId);
      expect(names).toHaveLength(maxDevicesPerUser);
      expect(names).not.toContain('d2');
      expect(names.slice(0, 2)).toEqual(['d1', 'new']);
    });

    test('of one token registered by many at the same time, one keeps it', async () => {
      const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
      await Promise.all(users.map((userId) => store().register({ ...phone, userId }, registration())));
      const kept = (await store().list(users)).flat().flatMap(({ registrations }) => registrations);
      expect(kept).toHaveLength(1);
    });

    if (harness.reopen !== undefined) {
      test('what was registered survives a kill', async () => {
        await store().register(phone, registration());
        const before = await of('Ann');
        await subject.reopen();
        expect(await of('Ann')).toEqual(before);
      });
    }
  });
}
