import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Home, homeOf, makeHome } from './elasticsearch/home.ts';
import { install, programOf, VERSION } from './elasticsearch/install.ts';
import type { LocalEngine } from './engine.ts';

const HTTP_PORT = 19200;
const TRANSPORT_PORT = 19300;
const URL = `http://127.0.0.1:${HTTP_PORT}`;
const JDK = 'a JDK, 17 or later';

/** Full-text search. */
export const elasticsearch: LocalEngine = {
  name: 'elasticsearch',
  title: `Elasticsearch ${VERSION}`,
  debianPackages: ['default-jdk-headless', 'maven', 'util-linux'],
  commands: { javac: JDK, jar: JDK, mvn: 'Apache Maven', setpriv: 'util-linux', bash: 'bash' },
  async prepare(ground) {
    const home = makeHome(ground);
    await install(home.programs, ground.say);
    writeFileSync(join(home.config, 'elasticsearch.yml'), settingsOf(home));
    writeFileSync(join(home.config, 'jvm.options'), JVM_OPTIONS);
    writeFileSync(join(home.config, 'log4j2.properties'), LOGGING);
  },
  processes(ground) {
    const home = homeOf(ground);
    const program = programOf(home.programs);
    const [command = 'bash', ...args] = [...home.as, 'bash', join(program, 'bin/elasticsearch')];
    const env = { ES_JAVA_HOME: javaHome(), ES_PATH_CONF: home.config, ES_TMPDIR: home.scratch, HOME: home.scratch };
    return [{ name: 'elasticsearch', command, args, env, cwd: program }];
  },
  ready: () => answersHealth(),
  settings: { CHASQUI_ELASTICSEARCH_URL: URL },
};

/** A single node, reachable from this machine only. Indices are never created automatically. */
function settingsOf({ data, scratch }: Home): string {
  return `${[
    'cluster.name: chasqui-local',
    'node.name: local',
    'discovery.type: single-node',
    'network.host: 127.0.0.1',
    `http.port: ${HTTP_PORT}`,
    `transport.port: ${TRANSPORT_PORT}`,
    `path.data: ${JSON.stringify(data)}`,
    `path.logs: ${JSON.stringify(scratch)}`,
    'action.auto_create_index: false',
    // Disk watermarks are off: a developer's disk may be nearly full.
    'cluster.routing.allocation.disk.threshold_enabled: false',
    'xpack.security.enabled: false',
    'xpack.security.autoconfiguration.enabled: false',
  ].join('\n')}\n`;
}

/** All logs go to standard output, which is the engine's log file. */
const LOGGING = `rootLogger.level = info
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%consoleException%n
`;

const JVM_OPTIONS = `-Xms512m
-Xmx512m
-XX:+UseG1GC
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=\${ES_TMPDIR}
-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1
20-:--add-modules=jdk.incubator.vector
`;

/** The JDK in the path. If there is none, Elasticsearch prints a clear error. */
function javaHome(): string {
  const folder = (process.env.PATH ?? '').split(delimiter).find((path) => existsSync(join(path, 'javac')));
  return folder === undefined ? '' : dirname(dirname(realpathSync(join(folder, 'javac'))));
}

/** Ready: a master is elected, and the searchable shards of its indices can be searched. */
async function answersHealth(): Promise<boolean> {
  try {
    const answer = await fetch(`${URL}/_cluster/health?wait_for_no_initializing_shards=true&timeout=2s`, {
      signal: AbortSignal.timeout(5_000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
