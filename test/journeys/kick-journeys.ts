import { expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { type Device, openDevice, until } from './devices.ts';

/** A user's devices that stay connected when the last one logs in: a phone, a tablet of the same platform, a laptop. */
const STAY = {
  none: ['phone', 'tablet', 'laptop'],
  platform: ['tablet', 'laptop'],
  all: ['laptop'],
} as const;

/** The effect of each kick policy, on two nodes, with any engines. */
export function kickJourneys(start: (env: { [name: string]: string }) => Promise<TestCluster>): void {
  it.each(Object.entries(STAY))(
    'a policy of %s: the others are told why, for good; who stays goes on',
    async (policy, stay) => {
      await using cluster = await start({ CHASQUI_KICK_POLICY: policy });
      using devices = new DisposableStack();
      const open = new Map<string, Device>();
      const told: string[] = [];
      const closed = new Set<string>();
      const logIn = async (deviceId: string, platform: string, node: number) => {
        const device = devices.use(await openDevice(cluster, { user: 'ann', node, deviceId, platform }));
        device.client.on('kicked', ({ reason }) => told.push(`${deviceId}: ${reason}`));
        device.client.on('state', ({ state }) => {
          if (state === 'closed') closed.add(deviceId);
        });
        open.set(deviceId, device);
        return device;
      };
      await logIn('phone', 'ios', 1);
      await logIn('tablet', 'ios', 2);
      const gone = ['phone', 'tablet'].filter((deviceId) => !(stay as readonly string[]).includes(deviceId));
      // The one-device policy ends each session at the next log-in.
      if (policy !== 'none') await until(() => told.includes('phone: session_replaced'), 'the phone is told');
      const laptop = await logIn('laptop', 'web', 1);
      await until(() => told.length === gone.length && closed.size === gone.length, 'the others are told');
      expect(told.toSorted()).toEqual(gone.map((deviceId) => `${deviceId}: session_replaced`));
      using ben = await openDevice(cluster, { user: 'ben', node: 2 });
      await ben.client.send({ to: 'ann', content: { text: 'who is there?' } }).delivered;
      for (const deviceId of stay) {
        await until(() => open.get(deviceId)?.shown.length === 1, `the ${deviceId} shows it`);
      }
      await laptop.client.send({ to: 'ben', content: { text: 'I am' } }).delivered;
      for (const deviceId of gone) expect(open.get(deviceId)?.shown).toEqual([]);
    },
    240_000,
  );
}
