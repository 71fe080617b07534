import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * ZooKeeper session timeout of a frozen server, ms: with the default, a pause of some seconds ends the whole process.
 */
const SESSION_MS = 40_000;

/**
 * hbase-site.xml of a single process on plain files. An acked row survives kill -9: each write of the log is passed to
 * the operating system before its ack. It may not survive a crash of the machine: nothing is forced to disk
 * (`hbase.wal.hsync`).
 */
export function hbaseSettings(data: string): string {
  const settings: Record<string, string | number | boolean> = {
    'hbase.cluster.distributed': false,
    'hbase.rootdir': pathToFileURL(join(data, 'root')).href,
    'hbase.wal.dir': pathToFileURL(join(data, 'wal')).href,
    'hbase.tmp.dir': join(data, 'tmp'),
    // Plain files cannot guarantee what HDFS does (hsync on several machines); HBase does not start on them without
    // this.
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
    // There is only one region server, so the master need not wait for others.
    'hbase.master.wait.on.regionservers.mintostart': 1,
    'hbase.master.wait.on.regionservers.maxtostart': 1,
    'hbase.master.port': 26000,
    'hbase.regionserver.port': 26020,
    // Disables the web pages.
    'hbase.master.info.port': -1,
    'hbase.regionserver.info.port': -1,
  };
  const properties = Object.entries(settings).map(
    ([name, value]) => `  <property><name>${name}</name><value>${xmlText(String(value))}</value></property>`,
  );
  return ['<?xml version="1.0"?>', '<configuration>', ...properties, '</configuration>', ''].join('\n');
}

/** A folder's name may contain XML's special characters. */
function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Logs to standard output, which is the engine's log file. */
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
