import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRocketmqReady } from '@chasqui/rocketmq/ready';
import type { Ground, LocalEngine } from './engine.ts';
import { compilerFlags } from './java-compiler.ts';
import { install, programOf, VERSION } from './rocketmq/install.ts';
import { brokerSettings, NAMESERVER_PORT, nameServerSettings, PROXY_PORT, proxySettings } from './rocketmq/settings.ts';

const PROXY = `127.0.0.1:${PROXY_PORT}`;
const NAMESERVER = `127.0.0.1:${NAMESERVER_PORT}`;
const JDK = 'a JDK, 17 or later';

const settingsPath = (ground: Ground, name: string) => join(ground.config, name);
/** RocketMQ's own log files; everything else goes to the processes' logs. */
const homeOf = (ground: Ground) => join(ground.logs, 'rocketmq-home');

/** The message bus: a name server, and a broker with its gRPC proxy in one process. */
export const rocketmq: LocalEngine = {
  name: 'rocketmq',
  title: `Apache RocketMQ ${VERSION}`,
  debianPackages: ['default-jdk-headless', 'maven'],
  commands: { java: JDK, javac: JDK, mvn: 'Apache Maven 3.8 or later' },
  async prepare(ground) {
    await install(ground.programs, ground.say);
    mkdirSync(homeOf(ground), { recursive: true });
    writeFileSync(settingsPath(ground, 'namesrv.conf'), nameServerSettings(ground.data));
    writeFileSync(settingsPath(ground, 'broker.conf'), brokerSettings(ground.data));
    writeFileSync(settingsPath(ground, 'proxy.json'), proxySettings());
  },
  processes: (ground) => [
    javaProcess(ground, 'rocketmq-namesrv', '-Xmx128m', [
      'org.apache.rocketmq.namesrv.NamesrvStartup',
      ...['-c', settingsPath(ground, 'namesrv.conf')],
    ]),
    javaProcess(ground, 'rocketmq', '-Xmx768m', [
      'chasqui.LoopbackProxy',
      ...['-pm', 'local', '-pc', settingsPath(ground, 'proxy.json')],
      ...['-bc', settingsPath(ground, 'broker.conf'), '-n', NAMESERVER],
    ]),
  ],
  ready: () => isRocketmqReady({ proxy: PROXY, nameServer: NAMESERVER }),
  settings: { CHASQUI_ROCKETMQ_ENDPOINTS: PROXY, CHASQUI_ROCKETMQ_NAMESERVER: NAMESERVER },
};

function javaProcess(ground: Ground, name: string, heap: string, args: readonly string[]) {
  const { libraries, classes } = programOf(ground.programs);
  return {
    name,
    command: 'java',
    args: [
      heap,
      '-XX:+UseSerialGC',
      ...compilerFlags(),
      '-XX:MaxDirectMemorySize=512m',
      '-Djava.net.preferIPv4Stack=true',
      // It writes its files into the home folder, whatever is configured.
      `-Duser.home=${homeOf(ground)}`,
      '-classpath',
      `${classes}:${join(libraries, '*')}`,
      ...args,
    ],
    env: { ROCKETMQ_HOME: ground.data, RMQ_PROXY_HOME: ground.data },
    cwd: ground.data,
  };
}
