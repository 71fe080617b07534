import type { Finding } from '@chasqui/kit';
import type { Link } from './link.ts';
import type { Value } from './statement.ts';

/** What our longest statement may take, a million characters of messages: four bytes each, and as many for escapes. */
const LEAST_PACKET = 8 * 1024 * 1024;

export async function versionOf(link: Link): Promise<string> {
  const [version] = await rowOf(link, 'VERSION()');
  return String(version);
}

/** Settings that lose something, though the apps start with them. What they refuse is not asked here. */
export async function settingsFinding(link: Link, place: string): Promise<Finding> {
  const names = ['log_bin', 'sync_binlog', 'max_allowed_packet', 'read_only'];
  const [binlog, sync, packet, readOnly] = await rowOf(link, names.map((name) => `@@GLOBAL.${name}`).join(', '));
  const faults = [
    ...(Number(readOnly) === 1 ? ['It takes no writes (read_only): name the primary in CHASQUI_MYSQL_URL'] : []),
    ...(Number(binlog) === 1 && Number(sync) !== 1
      ? [
          `sync_binlog is ${sync}: after a power cut, replicas and restored backups may lack what was stored; set it to 1`,
        ]
      : []),
    ...(Number(packet) < LEAST_PACKET
      ? [`max_allowed_packet is ${packet}: batches of long messages are refused; set it to 16M`]
      : []),
  ];
  if (faults.length === 0) return { ok: true, what: `${place}: it keeps what it has confirmed` };
  return { ok: false, what: `${place}: settings`, hint: faults.join('. ') };
}

async function rowOf(link: Link, columns: string): Promise<readonly Value[]> {
  const [answer] = await link.run([{ sql: `SELECT ${columns}` }]);
  return (answer?.rows[0] ?? []) as Value[];
}
