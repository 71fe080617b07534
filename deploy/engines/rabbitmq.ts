import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRabbitmqReady } from '@chasqui/rabbitmq/ready';
import type { Ground, LocalEngine } from './engine.ts';
import { ENGINES_FOLDER, groundOf } from './folders.ts';
import { runProgram } from './run-program.ts';

const settingsPath = (ground: Ground) => join(ground.config, 'rabbitmq.conf');
const pluginsPath = (ground: Ground) => join(ground.config, 'enabled_plugins');

/** Where Debian, and RabbitMQ's own packages, put the programs; those in the path refuse other users than their own. */
const PROGRAMS = '/usr/lib/rabbitmq/bin';

interface RabbitmqPlace {
  /** The port for clients. */
  port: number;
  /** The port for other nodes and for its tools; above the system's own choices. */
  nodePort: number;
  /** The port of the daemon that tells a node's port by its name. */
  epmdPort: number;
}

const PLACE: RabbitmqPlace = { port: 15673, nodePort: 15674, epmdPort: 15675 };

/** The bus of a medium-sized deployment. */
export const rabbitmq: LocalEngine = rabbitmqOn(PLACE);

function rabbitmqOn(place: RabbitmqPlace): LocalEngine {
  const settings = { CHASQUI_RABBITMQ_URL: `amqp://127.0.0.1:${place.port}` };
  return {
    name: 'rabbitmq',
    title: 'RabbitMQ (Debian)',
    debianPackages: ['rabbitmq-server'],
    commands: { 'rabbitmq-server': 'RabbitMQ 3.10 or later', epmd: 'Erlang' },
    async prepare(ground) {
      writeFileSync(settingsPath(ground), `${settingsOf(place).join('\n')}\n`);
      writeFileSync(pluginsPath(ground), '[].\n');
    },
    processes: (ground) => {
      const env = environmentOf(ground, place);
      return [
        // Started here, and not by the broker, so that it ends with the engine.
        { name: 'rabbitmq-epmd', command: 'epmd', args: [], env },
        { name: 'rabbitmq', command: join(PROGRAMS, 'rabbitmq-server'), args: [], env, cwd: ground.data },
      ];
    },
    ready: () => isRabbitmqReady(settings),
    settings,
  };
}

/** Logs go to standard output, which is the engine's log file. */
function settingsOf({ port }: RabbitmqPlace): string[] {
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'disk_free_limit.absolute = 50MB',
    'log.console = true',
    'log.file = false',
  ];
}

/** For the broker and for `rabbitmqctl`. */
function environmentOf(ground: Ground, { nodePort, epmdPort }: RabbitmqPlace): Record<string, string> {
  return {
    // Of the cookie that a node and its tools share.
    HOME: ground.data,
    RABBITMQ_BASE: ground.data,
    RABBITMQ_MNESIA_BASE: join(ground.data, 'mnesia'),
    RABBITMQ_LOG_BASE: ground.logs,
    RABBITMQ_CONFIG_FILE: settingsPath(ground),
    RABBITMQ_ENABLED_PLUGINS_FILE: pluginsPath(ground),
    RABBITMQ_NODENAME: 'chasqui@localhost',
    RABBITMQ_DIST_PORT: String(nodePort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
  };
}

/** Runs one of the broker's own tools, `rabbitmqctl`, and returns what it says. Errors: when the tool fails. */
export function rabbitmqctl(args: readonly string[]): Promise<string> {
  const ground = groundOf('rabbitmq', ENGINES_FOLDER, () => {});
  const env = environmentOf(ground, PLACE);
  return runProgram(join(PROGRAMS, 'rabbitmqctl'), args, { doing: `rabbitmqctl ${args[0]}`, say: () => {}, env });
}
