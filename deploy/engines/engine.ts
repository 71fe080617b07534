/** The engines that a large deployment runs, each on this machine alone, without containers. */
export type EngineName = 'redis' | 'mysql' | 'rocketmq' | 'hbase' | 'elasticsearch';

/** Where one engine lives on this machine. All folders exist when it is asked for anything. */
export interface Ground {
  /** Programs, fetched once; survives `engines:down`. */
  programs: string;
  /** Configuration files, made anew at every start. */
  config: string;
  /** What the engine stores. */
  data: string;
  logs: string;
  /** Says what is going on, a line at a time. */
  say(text: string): void;
}

/** One process of an engine. It is started detached, its output goes to `logs/<name>.log`. */
export interface EngineProcess {
  /** Unique among all engines: names the log and the pid file. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

/** How one engine is fetched, configured and known to be ready. Everything binds to 127.0.0.1. */
export interface LocalEngine {
  name: EngineName;
  /** As its makers write it, with the version fetched. */
  title: string;
  /** Debian packages that are installed first, where the machine has apt and we are root. */
  debianPackages: readonly string[];
  /** Commands that must be on the path then, each with what to install for it. */
  commands: Readonly<Record<string, string>>;
  /** Fetches what is missing and writes the configuration. Idempotent. */
  prepare(ground: Ground): Promise<void>;
  /** In their order of start; they are stopped the other way round. */
  processes(ground: Ground): EngineProcess[];
  /** True once a client can work with it: not when a port is open, but when a first call succeeds. Never throws. */
  ready(ground: Ground): Promise<boolean>;
  /** What the apps' configuration must say to use it, `CHASQUI_…` variables. */
  settings: Readonly<Record<string, string>>;
}
