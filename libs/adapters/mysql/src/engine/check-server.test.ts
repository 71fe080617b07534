import { describe, expect, test } from 'vitest';
import { checkServer } from './check-server.ts';
import type { Link } from './link.ts';

/** A server that reports this version and flush setting. */
function serverOf(version: string, flush = 1): Link {
  return { run: async () => [{ rows: [[version, flush]], affected: 0 }] } as unknown as Link;
}

describe('the server', () => {
  test.each(['8.0.15', '8.4.3', '9.1.0', '10.6.0-MariaDB', '10.11.19-MariaDB-0+deb12u1', '11.4.2-MariaDB-log'])(
    'is good enough: %s',
    (version) => expect(checkServer(serverOf(version))).resolves.toBeUndefined(),
  );

  test.each(['5.7.44-log', '10.5.23-MariaDB', '5.5.62'])('is too old: %s', (version) =>
    expect(checkServer(serverOf(version))).rejects.toMatchObject({
      code: 'config_invalid',
      message: `the server has version ${version}: MySQL 8.0 or MariaDB 10.6, or later, is required`,
    }),
  );

  test.each([0, 2])('C2: that keeps commits in memory (innodb_flush_log_at_trx_commit = %s) is refused', (flush) =>
    expect(checkServer(serverOf('8.0.30', flush))).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('set it to 1'),
    }),
  );
});
