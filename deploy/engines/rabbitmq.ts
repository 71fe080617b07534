import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRabbitmqReady } from '@chasqui/rabbitmq/ready';
import type { EngineProcess, Ground, LocalEngine } from './engine.ts';
import { ENGINES_FOLDER, groundOf } from './folders.ts';
import { isListenedOn } from './listening-ports.ts';
import { runProgram } from './run-program.ts';

const settingsPath = (ground: Ground) => join(ground.config, 'rabbitmq.conf');
const pluginsPath = (ground: Ground) => join(ground.config, 'enabled_plugins');

/** Where Debian, and RabbitMQ's own packages, put the programs; those in the path refuse other users than their own. */
const PROGRAMS = '/usr/lib/rabbitmq/bin';

export interface RabbitmqPlace {
  /** The name of its node, before the @. */
  node: string;
  /** The port for clients. */
  port: number;
  /** The port for other nodes and for its tools; above the system's own choices. */
  nodePort: number;
  /** The port of the daemon (epmd) that tells a node's port by its name. */
  epmdPort: number;
  /** The nodes of its cluster, with itself. Absent: it is alone, and the daemon is its own. */
  cluster?: readonly string[];
}

const PLACE: RabbitmqPlace = { node: 'chasqui', port: 15673, nodePort: 15674, epmdPort: 15675 };

/** The bus of a medium-sized deployment. */
export const rabbitmq: LocalEngine = rabbitmqAt(PLACE);

/** A broker, alone or as one of a cluster. */
export function rabbitmqAt(place: RabbitmqPlace): LocalEngine {
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
      // Started here, and not by the broker, so that it ends with the engine. One that a broker left earlier will do.
      const epmd = place.cluster === undefined ? [epmdProcess(place)] : [];
      return [
        ...epmd,
        { name: 'rabbitmq', command: join(PROGRAMS, 'rabbitmq-server'), args: [], env, cwd: ground.data },
      ];
    },
    ready: () => isRabbitmqReady(settings),
    settings,
  };
}

/** The daemon by which nodes, and their tools, find each other. */
export function epmdProcess({ epmdPort }: Pick<RabbitmqPlace, 'epmdPort'>): EngineProcess {
  const env = epmdEnvironment(epmdPort);
  return { name: 'rabbitmq-epmd', command: 'epmd', args: [], env, isProvided: () => isListenedOn(epmdPort) };
}

const epmdEnvironment = (port: number) => ({ ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: String(port) });

/** Logs go to standard output, which is the engine's log file. */
function settingsOf({ port, cluster = [] }: RabbitmqPlace): string[] {
  const peers = cluster.map((node, n) => `cluster_formation.classic_config.nodes.${n + 1} = ${node}@localhost`);
  return [
    ...peers,
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'disk_free_limit.absolute = 50MB',
    'log.console = true',
    'log.file = false',
  ];
}

/** For the broker and for `rabbitmqctl`. */
function environmentOf(ground: Ground, { node, nodePort, epmdPort }: RabbitmqPlace): Record<string, string> {
  return {
    // Of the cookie that a node and its tools share.
    HOME: ground.data,
    RABBITMQ_BASE: ground.data,
    RABBITMQ_MNESIA_BASE: join(ground.data, 'mnesia'),
    RABBITMQ_LOG_BASE: ground.logs,
    RABBITMQ_CONFIG_FILE: settingsPath(ground),
    RABBITMQ_ENABLED_PLUGINS_FILE: pluginsPath(ground),
    RABBITMQ_NODENAME: `${node}@localhost`,
    RABBITMQ_DIST_PORT: String(nodePort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ...epmdEnvironment(epmdPort),
  };
}

/**
 * Runs one of a broker's own tools, `rabbitmqctl`, and returns what it says. Default: of the broker of `engines:up`.
 * Errors: when the tool fails.
 */
export function rabbitmqctl(args: readonly string[], place = PLACE, folder = ENGINES_FOLDER): Promise<string> {
  const env = environmentOf(
    groundOf('rabbitmq', folder, () => {}),
    place,
  );
  return runProgram(join(PROGRAMS, 'rabbitmqctl'), args, { doing: `rabbitmqctl ${args[0]}`, say: () => {}, env });
}
