import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHbaseConfig } from '@chasqui/hbase/config';
import { isHbaseReady } from '@chasqui/hbase/ready';
import { ConfigReader } from '@chasqui/kit';
import type { Ground, LocalEngine } from './engine.ts';
import { hbaseSettings, loggingSettings } from './hbase/settings.ts';
import { compilerFlags } from './java-compiler.ts';
import { runMaven } from './maven.ts';

/** The version that deploy/engines/hbase/pom.xml pins. */
const VERSION = '2.6.4-hadoop3';

const SETTINGS = { CHASQUI_HBASE_ZOOKEEPER: '127.0.0.1:12181' };

const libraries = (ground: Ground) => join(ground.programs, VERSION);

/** The message store. ZooKeeper, master and region server in one process, on plain files. */
export const hbase: LocalEngine = {
  name: 'hbase',
  title: `Apache HBase ${VERSION}`,
  debianPackages: ['openjdk-17-jre-headless', 'maven'],
  commands: { java: 'Java 17 or later', mvn: 'Apache Maven 3.8 or later' },
  async prepare(ground) {
    await fetchLibraries(ground);
    writeFileSync(join(ground.config, 'hbase-site.xml'), hbaseSettings(ground.data));
    writeFileSync(join(ground.config, 'log4j.properties'), loggingSettings());
  },
  processes: (ground) => [
    {
      name: 'hbase',
      command: 'java',
      args: [
        '-Xmx1g',
        '-XX:+UseSerialGC',
        ...compilerFlags(),
        '-Djava.net.preferIPv4Stack=true',
        `-Djava.io.tmpdir=${ground.data}`,
        '-Dfile.encoding=UTF-8',
        ...OPENED.map((packageName) => `--add-opens=java.base/${packageName}=ALL-UNNAMED`),
        '-classpath',
        `${ground.config}:${join(libraries(ground), '*')}`,
        'org.apache.hadoop.hbase.master.HMaster',
        'start',
      ],
      cwd: ground.data,
    },
  ],
  ready: () => isHbaseReady(readHbaseConfig(new ConfigReader(SETTINGS))),
  settings: SETTINGS,
};

/** Java packages that HBase accesses by reflection. */
const OPENED = [
  'java.lang',
  'java.lang.reflect',
  'java.nio',
  'sun.nio.ch',
  'java.io',
  'java.util',
  'java.util.concurrent',
  'java.net',
  'jdk.internal.ref',
];

/** Renamed in one step at the end, so an interrupted download is repeated. */
async function fetchLibraries(ground: Ground): Promise<void> {
  const target = libraries(ground);
  if (existsSync(target)) return;
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const pom = join(import.meta.dirname, 'hbase/pom.xml');
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  await runMaven(['--file', pom, ...goal], { doing: `fetching HBase ${VERSION} (120 MB)`, say: ground.say });
  renameSync(partial, target);
}
