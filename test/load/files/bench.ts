import { markdownTable } from '@chasqui/app-cli/load';
import type { BlobsConfig } from '@chasqui/blobs/config';
import { startGateway } from '../../third-party/s3/gateway.ts';
import { ms, whole } from '../groups/table.ts';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { startChasqui } from '../servers.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { FileLoad, type FileResult } from './file-load.ts';

export interface FilesBenchOptions {
  command: string;
  /** Bytes of a file, and how many of them. */
  sizes: readonly (readonly [bytes: number, count: number])[];
  say(text: string): void;
}

/** Uploads and downloads at once: as many as a process checks. */
const PARALLEL = 4;
const BOUNDS = { CHASQUI_ATTACHMENT_MAX_MB: '2048', CHASQUI_ATTACHMENT_MB_PER_HOUR: '1000000' };

/** What files cost the server, in a folder and in an S3 store, to and from which clients send them themselves. */
export async function benchFiles({ command, sizes, say }: FilesBenchOptions): Promise<string> {
  pinSelf(1);
  const before = await measureYardstick();
  await using gateway = await startGateway();
  const stores: [string, { [name: string]: string }][] = [
    ['folder', {}],
    ['S3 (versitygw)', settingsOf({ s3: gateway.config })],
  ];
  const rows: string[][] = [];
  for (const [store, env] of stores) {
    for (const [bytes, count] of sizes) {
      // Of its own, so that its memory is of these files alone.
      await using server = await startChasqui([], { ...BOUNDS, ...env });
      const load = new FileLoad(server, PARALLEL);
      for (const result of await load.run(bytes, count)) {
        const row = rowOf(store, result);
        say(row.join(' | '));
        rows.push(row);
      }
    }
  }
  const text = [
    machineLine(command, 'server on core 0, clients and S3 server on core 1'),
    yardstickText([before, await measureYardstick()]),
    `Random bytes, ${PARALLEL} at once. An upload is announced, sent and checked; its CPU and memory are the server's. With S3 a download costs the server the redirect alone.`,
    markdownTable([COLUMNS, ...rows]),
  ];
  return `${text.join('\n\n')}\n`;
}

const COLUMNS = [
  ...['store', 'what', 'bytes', 'files', 'a second', 'MB/s', 'p50 ms', 'max ms', 'CPU ms each'],
  ...['resident MB before', 'at most'],
];

function rowOf(store: string, { what, bytes, took, seconds, cpuUs, residentMb }: FileResult): string[] {
  const sorted = took.toSorted((a, b) => a - b);
  const count = took.length;
  return [
    ...[store, what, whole(bytes), whole(count), (count / seconds).toFixed(1), whole((count * bytes) / seconds / 1e6)],
    ...[ms((sorted[Math.floor(count / 2)] ?? 0) * 1000), ms((sorted.at(-1) ?? 0) * 1000)],
    ...[(cpuUs / count / 1000).toFixed(1), whole(residentMb.before), whole(residentMb.most)],
  ];
}

function settingsOf({ s3 }: Extract<BlobsConfig, { s3: unknown }>): { [name: string]: string } {
  return {
    ...{ CHASQUI_BLOBS: 's3', CHASQUI_S3_ENDPOINT: s3.endpoint, CHASQUI_S3_REGION: s3.region },
    ...{ CHASQUI_S3_BUCKET: s3.bucket, CHASQUI_S3_PREFIX: s3.prefix },
    ...{ CHASQUI_S3_ACCESS_KEY_ID: s3.accessKeyId, CHASQUI_S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
  };
}
