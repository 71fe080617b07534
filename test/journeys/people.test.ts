import { describe, expect, it } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { openDevice, until } from './devices.ts';
import { peopleJourneys } from './people-journeys.ts';

describe('people on the embedded engines', () => peopleJourneys(() => startTestCluster()));

describe('a policy of one device', () => {
  it('ends the session on the other device and other node, for good', async () => {
    await using cluster = await startTestCluster({ env: { CHASQUI_KICK_POLICY: 'all' } });
    using phone = await openDevice(cluster, { user: 'ann', node: 1, deviceId: 'phone' });
    const reasons: string[] = [];
    phone.client.on('kicked', ({ reason }) => reasons.push(reason));
    using laptop = await openDevice(cluster, { user: 'ann', node: 2, deviceId: 'laptop' });
    await until(() => reasons.length > 0, 'the phone is told');
    expect(reasons).toEqual(['session_replaced']);
    await laptop.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
  }, 60_000);
});
