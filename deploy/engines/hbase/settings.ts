import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A frozen server keeps its session this long, ms: with the default a pause of some seconds ends the whole process. */
const SESSION_MS = 40_000;

/**
 * hbase-site.xml of a single process on plain files. An acked row outlives kill -9: each write of the log is handed to
 * the operating system before its ack. It need not outlive the machine: nothing is forced to the disk (`hbase.wal.hsync`).
 */
export function hbaseSettings(data: string): string {
  const settings: Record<string, string | number | boolean> = {
    'hbase.cluster.distributed': false,
    'hbase.rootdir': pathToFileURL(join(data, 'root')).href,
    'hbase.wal.dir': pathToFileURL(join(data, 'wal')).href,
    'hbase.tmp.dir': join(data, 'tmp'),
    // Plain files can't promise what HDFS can (hsync on several machines); without this HBase would not start on them.
    'hbase.unsafe.stream.capability.enforce': false,
    'hbase.zookeeper.property.dataDir': join(data, 'zookeeper'),
    'hbase.zookeeper.quorum': '127.0.0.1',
    'hbase.zookeeper.property.clientPort': 12181,
    'hbase.zookeeper.property.clientPortAddress': '127.0.0.1',
    'zookeeper.session.timeout': SESSION_MS,
    'zookeeper.session.timeout.localHBaseCluster': SESSION_MS,
    'hbase.zookeeper.property.maxSessionTimeout': SESSION_MS,
    'hbase.master.hostname': 'localhost',
    'hbase.unsafe.regionserver.hostname': 'localhost',
    'hbase.master.ipc.address': '127.0.0.1',
    'hbase.regionserver.ipc.address': '127.0.0.1',
    // There is one region server: nothing to wait for when it has come.
    'hbase.master.wait.on.regionservers.mintostart': 1,
    'hbase.master.wait.on.regionservers.maxtostart': 1,
    'hbase.master.port': 26000,
    'hbase.regionserver.port': 26020,
    // No web pages.
    'hbase.master.info.port': -1,
    'hbase.regionserver.info.port': -1,
  };
  const properties = Object.entries(settings).map(
    ([name, value]) => `  <property><name>${name}</name><value>${xmlText(String(value))}</value></property>`,
  );
  return ['<?xml version="1.0"?>', '<configuration>', ...properties, '</configuration>', ''].join('\n');
}

/** A folder's name may hold what XML takes for its own. */
function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** To standard output, which becomes the engine's log. */
export function loggingSettings(): string {
  return [
    'log4j.rootLogger=WARN, console',
    'log4j.appender.console=org.apache.log4j.ConsoleAppender',
    'log4j.appender.console.layout=org.apache.log4j.PatternLayout',
    'log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %-5p [%t] %c{2}: %.1000m%n',
    'log4j.logger.org.apache.hadoop.hbase.master.HMaster=INFO',
    '',
  ].join('\n');
}
