import { initialProfile } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from './config.ts';
import { Link } from './engine/link.ts';
import { linkOptions } from './engine/link-options.ts';
import { openMysqlEngines, setupMysql } from './index.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import type { MysqlAddress } from './mysql-url.ts';
import { parts, runSql, Scratch } from './testing/scratch.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');

const at = (config: MysqlConfig, change: Partial<MysqlAddress>): MysqlConfig => ({
  ...config,
  address: { ...config.address, ...change },
});

/** The error of opening or setting up. */
async function refusal(config: MysqlConfig, open = openMysqlEngines as (options: never) => Promise<unknown>) {
  const started = performance.now();
  const error = await open({ config, ...parts } as never).then(
    () => expect.fail('it opened'),
    (reason: unknown) => reason as Error & { code: string },
  );
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(error.message).not.toContain('s3cret');
  return { code: error.code, message: error.message };
}

function inside({ address }: MysqlConfig): [database: string] {
  return [address.database];
}

describe('setting up', { timeout: 60_000 }, () => {
  test('makes everything, by several at once or again; a second time changes nothing', async () => {
    const config = await scratch.database();
    await Promise.all(Array.from({ length: 4 }, () => setupMysql({ config, ...parts })));
    const state = () => runSql(config, 'SELECT * FROM schema_migrations; SELECT * FROM meta', ...inside(config));
    const before = await state();
    expect(before).toMatchObject([
      MIGRATIONS.map(({ version }) => ({ version })),
      [{ name: 'epoch' }, { name: 'member_name_rules' }, { name: 'name_word_rules' }],
    ]);
    await setupMysql({ config, ...parts });
    expect(await state()).toEqual(before);
  });

  test('C10: after a restore every inbox gets another epoch, and keeps it', async () => {
    const config = await scratch.ready();
    const { logs } = await scratch.open(config);
    const epoch = async () => (await logs.page('bob', 0, 1)).epoch;
    const first = await epoch();
    await setupMysql({ config, ...parts, newEpoch: true });
    const second = await epoch();
    expect(second).not.toBe(first);
    await setupMysql({ config, ...parts });
    expect(await epoch()).toBe(second);
  });

  test('goes on where it was cut short, after whichever statement of a step', { timeout: 120_000 }, async () => {
    const step = MIGRATIONS.find(({ name }) => name.startsWith('conversation entries'));
    if (step === undefined) expect.fail('no such step');
    for (let done = 0; done <= step.statements.length; done += 3) {
      const config = await scratch.database();
      const link = await Link.connect(linkOptions(config));
      const earlier = MIGRATIONS.filter(({ version }) => version < step.version);
      await migrate({ link, database: config.address.database, migrations: earlier, ...parts });
      for (const sql of step.statements.slice(0, done)) await link.run([{ sql }]);
      await link.close();
      expect(await refusal(config)).toMatchObject({ message: expect.stringContaining('run: npx chasqui setup') });
      await setupMysql({ config, ...parts });
      await scratch.open(config);
    }
  });

  test('names that an older version kept are found by the words of this one, by several at once', async () => {
    const config = await scratch.ready();
    const { profiles } = await scratch.open(config);
    const named = Array.from({ length: 600 }, (_, at) => ({ ...initialProfile(`u${at}`, `José ${at}`), version: 1 }));
    // Each is a transaction, and all must answer in time.
    for (let at = 0; at < named.length; at += 100)
      await Promise.all(named.slice(at, at + 100).map((profile) => profiles.put(profile)));
    const older =
      "DELETE FROM meta WHERE name = 'name_word_rules'; UPDATE name_words SET word = 'josé' WHERE word = 'jose'";
    await runSql(config, older, ...inside(config));
    await Promise.all(Array.from({ length: 3 }, () => setupMysql({ config, ...parts })));
    for (const text of ['jose 0', 'JOSÉ 599'])
      expect((await profiles.search(text, 1))[0]?.displayName).toMatch(/^José/);
    expect(
      await runSql(config, "SELECT COUNT(*) AS old FROM name_words WHERE word = 'josé'", ...inside(config)),
    ).toEqual([{ old: 0 }]);
  });

  test('needs the right to make tables, and says so', async () => {
    const config = at(await scratch.database(), { user: 'chasqui_reader', password: 'chasqui_reader' });
    expect(await refusal(config, setupMysql as never)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('GRANT ALL PRIVILEGES'),
    });
  });
});

describe('opening says in one message what is wrong', { timeout: 60_000 }, () => {
  test.each([
    ['a wrong password', { password: 's3cret' }, /does not let user chasqui in: check user and password/],
    ['an unknown database', { database: 'chasqui_none' }, /has no database chasqui_none: CREATE DATABASE/],
    ['a database that is another’s', { database: 'mysql' }, /user chasqui has no rights on database mysql/],
  ])('%s', async (_, change, message) => {
    const config = at(await scratch.database(), change);
    expect(await refusal(config)).toEqual({ code: 'config_invalid', message: expect.stringMatching(message) });
  });

  test('a database that was never set up, or is newer than the program', async () => {
    const config = await scratch.database();
    expect(await refusal(config)).toEqual({
      code: 'config_invalid',
      message: expect.stringMatching(/lacks the steps 1 \(sessions and inboxes\), .*: run: npx chasqui setup$/),
    });
    await setupMysql({ config, ...parts });
    await runSql(config, "INSERT INTO schema_migrations VALUES (999, 'later', 'x', 1)", ...inside(config));
    for (const open of [openMysqlEngines, setupMysql]) {
      expect(await refusal(config, open as never)).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('has version 999'),
      });
    }
  });

  test('a table that was converted to another collation', async () => {
    const config = await scratch.ready();
    const convert = 'ALTER TABLE accounts CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci';
    await runSql(config, convert, ...inside(config));
    expect(await refusal(config)).toEqual({
      code: 'config_invalid',
      message: expect.stringMatching(
        /table accounts has the collation utf8mb4_general_ci: ALTER TABLE accounts CONVERT/,
      ),
    });
  });

  test('a user that may not write', async () => {
    const config = at(await scratch.ready(), { user: 'chasqui_reader', password: 'chasqui_reader' });
    expect(await refusal(config)).toEqual({
      code: 'config_invalid',
      message: expect.stringMatching(/INSERT command denied to user .*: GRANT SELECT, INSERT, UPDATE, DELETE ON/),
    });
  });

  test('a server that does not answer within the time to wait', async () => {
    const config = { ...at(await scratch.database(), { port: 1 }), startWaitMs: 600 };
    expect(await refusal(config)).toEqual({
      code: 'store_unavailable',
      message: expect.stringMatching(/MySQL at 127\.0\.0\.1:1 does not answer within 600 ms .*ECONNREFUSED/),
    });
  });

  test('a server without encryption where it is demanded', async () => {
    const config = { ...at(await scratch.ready(), { host: 'localhost' }), tls: {} };
    expect(await refusal(config)).toEqual({
      code: 'config_invalid',
      message: expect.stringContaining('offers no encryption'),
    });
  });
});
