/** The engines of a large deployment, each on this machine without containers. */
export type EngineName = 'redis' | 'mysql' | 'rabbitmq' | 'rocketmq' | 'hbase' | 'elasticsearch';

/** The folders of one engine on this machine. All exist before any method of the engine is called. */
export interface Ground {
  /** Programs, downloaded once; `engines:down` keeps them. */
  programs: string;
  /** Configuration files, written again at every start. */
  config: string;
  /** The engine's data. */
  data: string;
  logs: string;
  /** Reports progress, one line at a time. */
  say(text: string): void;
}

/** One process of an engine. It is started detached; its output goes to `logs/<name>.log`. */
export interface EngineProcess {
  /** Unique among all engines: names the log and the pid file. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Whether a process that is not ours does its work already: then none is started. Default: no. */
  isProvided?(): boolean;
}

/** How to download, configure and probe one engine. Everything binds to 127.0.0.1. */
export interface LocalEngine {
  name: EngineName;
  /** The name in its vendor's spelling, with the version. */
  title: string;
  /** Debian packages that are installed first, if the machine has apt and we are root. */
  debianPackages: readonly string[];
  /** Commands that must then be in the path, each with the package that provides it. */
  commands: Readonly<Record<string, string>>;
  /** Downloads what is missing and writes the configuration. Idempotent. */
  prepare(ground: Ground): Promise<void>;
  /** In start order; they are stopped in reverse. */
  processes(ground: Ground): EngineProcess[];
  /** True once a client can use the engine: an open port is not enough, a first call must succeed. Never throws. */
  ready(ground: Ground): Promise<boolean>;
  /** The `CHASQUI_…` variables with which the apps use it. */
  settings: Readonly<Record<string, string>>;
}
