import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { openDevice, until } from './devices.ts';

const certificate = (name: string) =>
  join(import.meta.dirname, '../../libs/adapters/grpc/src/testing/certificates', name);

describe('nodes that know one another by certificates', () => {
  it('deliver across nodes over mutual TLS, by configuration alone', async () => {
    await using cluster = await startTestCluster({
      direct: false,
      env: {
        CHASQUI_PEER_TLS_CA: certificate('ca.pem'),
        CHASQUI_PEER_TLS_CERT: certificate('node.pem'),
        CHASQUI_PEER_TLS_KEY: certificate('node.key'),
        CHASQUI_PEER_TLS_SERVER_NAME: 'peers.test',
      },
    });
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben', node: 2 });
    const outgoing = ann.client.send({ to: 'ben', content: { text: 'sealed' } });
    await outgoing.delivered;
    await until(() => ben.shown.includes('sealed'), 'it arrives');
  });

  it('say which certificate file is missing', async () => {
    const start = startTestCluster({
      env: { CHASQUI_PEER_TLS_CA: 'nowhere.pem', CHASQUI_PEER_TLS_CERT: 'x', CHASQUI_PEER_TLS_KEY: 'x' },
    });
    await expect(start).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(startTestCluster({ env: { CHASQUI_PEER_TLS_CA: 'only.pem' } })).rejects.toThrow(
      'CHASQUI_PEER_TLS_KEY',
    );
  });
});
