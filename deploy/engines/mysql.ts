import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground, LocalEngine } from './engine.ts';
import { addressOn, FIRST_STEPS } from './mysql/first-steps.ts';
import { greets } from './mysql/greets.ts';
import { runProgram } from './run-program.ts';

const tables = (ground: Ground) => join(ground.data, 'tables');
const exchange = (ground: Ground) => join(ground.data, 'exchange');
const pidFile = (ground: Ground) => join(tables(ground), 'mysql.pid');
const firstSteps = (ground: Ground) => join(ground.config, 'first-steps.sql');

/** MariaDB refuses to run as root without this option. */
const asWhom = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

/** Conversation entries, logs, users and all other rows. */
export const mysql: LocalEngine = mariadbOn(13306);

/** A MariaDB on its own port, with extra arguments: for tests that kill it or need another configuration. */
export function mariadbOn(port: number, more: readonly string[] = []): LocalEngine {
  return {
    name: 'mysql',
    title: 'MariaDB (Debian)',
    debianPackages: ['mariadb-server-core', 'mariadb-client-core'],
    commands: { mariadbd: 'MariaDB 10.6 or later', 'mariadb-install-db': 'MariaDB 10.6 or later' },
    async prepare(ground) {
      if (!existsSync(tables(ground))) await install(ground);
      mkdirSync(exchange(ground), { recursive: true });
      rmSync(pidFile(ground), { force: true });
      writeFileSync(firstSteps(ground), FIRST_STEPS);
    },
    processes: (ground) => [
      { name: 'mysql', command: 'mariadbd', args: [...argumentsOf(ground, port), ...more], cwd: ground.data },
    ],
    // The server writes its pid file once it has bound the port: before that, another server may be answering.
    ready: async (ground) => existsSync(pidFile(ground)) && greets(port),
    settings: { CHASQUI_MYSQL_URL: addressOn(port) },
  };
}

/** Installs into a temporary folder, which is renamed once it is complete: an interrupted installation is repeated. */
async function install(ground: Ground): Promise<void> {
  const draft = join(ground.data, 'draft');
  rmSync(draft, { recursive: true, force: true });
  const args = ['--no-defaults', ...asWhom(), `--datadir=${draft}`, '--auth-root-authentication-method=socket'];
  await runProgram('mariadb-install-db', [...args, '--skip-test-db'], {
    doing: 'making the system tables',
    say: ground.say,
  });
  renameSync(draft, tables(ground));
}

/** The socket's path is relative to the data folder: an absolute one may exceed the length limit of socket paths. */
function argumentsOf(ground: Ground, port: number): string[] {
  return [
    '--no-defaults',
    ...asWhom(),
    `--datadir=${tables(ground)}`,
    `--init-file=${firstSteps(ground)}`,
    `--secure-file-priv=${exchange(ground)}`,
    `--pid-file=${pidFile(ground)}`,
    '--socket=mysql.sock',
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-buffer-pool-size=256M',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_bin',
  ];
}
