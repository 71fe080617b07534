import { join } from 'node:path';
import { systemClock, systemRandom } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { ENGINES_FOLDER } from '../../../../deploy/engines/folders.ts';
import { mysql8On } from '../../../../deploy/engines/mysql/mysql8.ts';
import { mariadbOn } from '../../../../deploy/engines/mysql.ts';
import { checkMysql } from './check.ts';
import type { MysqlConfig } from './config.ts';
import { privateEngine } from './testing/private-engine.ts';
import { runSql, Scratch } from './testing/scratch.ts';

const check = (config: MysqlConfig, messages = false) =>
  checkMysql({ config, messages, clock: systemClock, random: systemRandom });
const wrong = async (config: MysqlConfig, messages = false) =>
  (await check(config, messages)).filter(({ ok }) => !ok).map(({ what, hint }) => `${what}: ${hint}`);
const as = (config: MysqlConfig, user: string, password = user): MysqlConfig => ({
  ...config,
  address: { ...config.address, user, password },
});

describe.each([
  ['MariaDB', privateEngine(mariadbOn(13_420)).url],
  ['MySQL 8', privateEngine(mysql8On(13_422), join(ENGINES_FOLDER, 'mysql8')).url],
])('%s that is set as it must be', { timeout: 120_000 }, (_, url) => {
  const scratch = new Scratch(url);

  test('is found well, with its version, and keeps no trace of the examination', async () => {
    const config = await scratch.ready(true);
    const findings = await check(config, true);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^MySQL at 127\.0\.0\.1:\d+: \d+\.\d+\.\d+.*, database chasqui_test/),
      expect.stringMatching(/it keeps what it has confirmed$/),
      expect.stringMatching(/is set up, and the user may read and write its tables$/),
      expect.stringMatching(/may make and change tables, as setup does$/),
      expect.stringMatching(/partitions for messages of the coming months$/),
    ]);
    const left = await runSql(config, "SHOW TABLES LIKE 'chasqui_doctor%'", config.address.database);
    expect(left).toEqual([]);
  });

  test('an empty database is not set up, and its rights are found well', async () => {
    expect(await wrong(await scratch.database())).toEqual([
      expect.stringMatching(/is not set up: .*npx chasqui setup/),
    ]);
  });

  test('who may only read is told what to grant; who may not change tables is told when it matters', async () => {
    const config = await scratch.ready();
    expect(await wrong(as(config, 'chasqui_reader'))).toEqual([
      expect.stringMatching(/GRANT SELECT, INSERT, UPDATE, DELETE/),
      expect.stringMatching(/GRANT ALL PRIVILEGES ON .* TO chasqui_reader/),
    ]);
  });

  test('a wrong password, an absent database and a server that is away are one finding each', async () => {
    const config = await scratch.database();
    const { address } = config;
    expect(await wrong(as(config, 'chasqui', 'wrong'))).toEqual([
      expect.stringMatching(/does not let user chasqui in/),
    ]);
    const absent = { ...config, address: { ...address, database: 'chasqui_test_absent' } };
    expect(await wrong(absent)).toEqual([expect.stringMatching(/CREATE DATABASE chasqui_test_absent/)]);
    const away = { ...config, address: { ...address, port: 1 } };
    expect(await wrong(away)).toEqual([expect.stringMatching(/127\.0\.0\.1:1 does not answer .*CHASQUI_MYSQL_URL/)]);
  });
});

describe('a server whose settings lose something', { timeout: 120_000 }, () => {
  const loose = ['--log-bin', '--sync-binlog=0', '--max-allowed-packet=1M', '--innodb-flush-log-at-trx-commit=2'];
  const scratch = new Scratch(privateEngine(mariadbOn(13_424, loose)).url);

  test('C2: is told of each, with the remedy', async () => {
    expect(await wrong(await scratch.database())).toEqual([
      expect.stringMatching(/innodb_flush_log_at_trx_commit is 2, .*set it to 1/),
      expect.stringMatching(/sync_binlog is 0: .*set it to 1\. max_allowed_packet is 1048576: .*set it to 16M/),
      expect.stringMatching(/is not set up/),
    ]);
  });
});
