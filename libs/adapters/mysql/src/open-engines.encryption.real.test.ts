import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mariadbOn } from '../../../../deploy/engines/mysql.ts';
import type { MysqlConfig, MysqlTls } from './config.ts';
import { openMysqlEngines } from './index.ts';
import { privateEngine } from './testing/private-engine.ts';
import { parts, Scratch } from './testing/scratch.ts';
import { messageOf } from './testing/traffic.ts';

const file = (name: string) => join(import.meta.dirname, 'testing/certificates', name);
const serverWith = (port: number, name: string) =>
  mariadbOn(port, [`--ssl-cert=${file(`${name}.pem`)}`, `--ssl-key=${file(`${name}.key`)}`]);

const TLS = { ca: file('ca.pem') };
/** Uses the host's name: the driver verifies certificates for names only. */
const named = (config: MysqlConfig, tls: MysqlTls = TLS): MysqlConfig => ({
  ...config,
  address: { ...config.address, host: 'localhost' },
  tls,
});

describe('encryption', { timeout: 60_000 }, () => {
  describe('to a server with a good certificate', () => {
    const scratch = new Scratch(privateEngine(serverWith(13_410, 'server')).url);

    test('everything goes through it', async () => {
      const config = named(await scratch.ready());
      const { conversations } = await scratch.open(config);
      expect(await conversations.record([messageOf('ann', 'bob')])).toMatchObject([{ result: 'recorded' }]);
    });

    test('an authority that the machine does not know is refused', async () => {
      const config = named(await scratch.ready(), {});
      await expect(openMysqlEngines({ config, ...parts })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringMatching(/cannot be used: .*certificate/),
      });
    });

    test('an IP address, for which no certificate can be checked, is refused', async () => {
      const config = { ...(await scratch.ready()), tls: TLS };
      await expect(openMysqlEngines({ config, ...parts })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('not an IP address'),
      });
    });

    test('a file that is not there is named', async () => {
      const config = named(await scratch.ready(), { ca: '/nowhere/ca.pem' });
      await expect(openMysqlEngines({ config, ...parts })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('/nowhere/ca.pem'),
      });
    });
  });

  describe('to a server with the certificate of another', () => {
    const scratch = new Scratch(privateEngine(serverWith(13_412, 'elsewhere')).url);

    test('is refused', async () => {
      const config = named(await scratch.ready());
      await expect(openMysqlEngines({ config, ...parts })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringMatching(/cannot be used: .*localhost/),
      });
    });
  });
});
