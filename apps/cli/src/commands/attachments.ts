import { auditBlobs, type BlobFault } from '@chasqui/app-api/blob-audit';
import { type Environment, systemClock } from '@chasqui/kit';
import type { BlobStore, Engines } from '@chasqui/ports';
import type { Command } from 'commander';
import { audited, commandBlobs, commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson, wholeNumber } from './options.ts';

interface AuditOptions {
  data?: string;
  graceHours: number;
  repair: boolean;
  json: boolean;
}

const HOUR_MS = 3600 * 1000;

export function addAttachments(program: Command, env: Environment): void {
  const command = program
    .command('attachments')
    .description('the files of messages')
    .command('audit')
    .description('compare the blob store with the ledgers of attachments and pictures, both ways; servers may run')
    .option('--repair', 'delete blobs and uploads that no ledger knows', false)
    .option('--grace-hours <n>', 'leave out blobs that are younger', wholeNumber(0, 24 * 365), 24)
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async (options: AuditOptions) => {
      await using engines = await commandEngines(env, options.data);
      await using blobs = await commandBlobs(env, options.data);
      if (!options.repair) await audit(engines, blobs, options);
      else await audited(engines, 'remove_orphans', () => audit(engines, blobs, options));
    }),
  );
}

/** The exit code says whether something is left that is not as it should be. */
async function audit(engines: Engines, blobs: BlobStore, { graceHours, repair, json }: AuditOptions): Promise<string> {
  const found = { missing: 0, orphan: 0 };
  for await (const finding of auditBlobs({ ...engines, blobs, clock: systemClock, graceMs: graceHours * HOUR_MS })) {
    found[finding.kind]++;
    const isRepaired = repair && finding.kind === 'orphan';
    if (isRepaired) await blobs.remove(finding.key);
    print(json ? JSON.stringify({ ...finding, ...(isRepaired && { deleted: true }) }) : lineOf(finding, isRepaired));
  }
  const { missing, orphan } = found;
  const said = `${missing} blobs are missing, ${orphan} blobs without a row${repair ? ' deleted' : ''}`;
  note(missing + orphan === 0 ? 'every file has its blob, and every blob its row' : said);
  if (missing > 0 || (orphan > 0 && !repair)) process.exitCode = 1;
  return said;
}

function lineOf(finding: BlobFault, isRepaired: boolean): string {
  if (finding.kind === 'orphan') {
    const what = isRepaired ? 'deleted' : 'orphan';
    return `${what}  ${finding.key}  of ${new Date(finding.at).toISOString().slice(0, 16)}`;
  }
  const { key, owner, name, bytes, expected } = finding;
  return `missing  ${key}  ${JSON.stringify(name)} of ${owner}: ${bytes} of ${expected} bytes`;
}
