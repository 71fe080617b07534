import { type Attachment, type AttachmentRefusal, ImError } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

type ScanContext = Pick<ApiContext, 'scanner' | 'settings' | 'logger' | 'attachmentMetrics'>;

/**
 * Why the scanner forbids a file; null: it does not. Without an answer of the scanner, or for a file that is too large
 * for it, the setting decides: such files pass, or wait or are refused. Errors: `engine_unavailable`: the check is to be
 * repeated.
 */
export async function refusalOfScan(
  { scanner, settings, logger, attachmentMetrics }: ScanContext,
  { id, owner, size }: Attachment,
  pieces: () => AsyncIterable<Uint8Array>,
): Promise<AttachmentRefusal | null> {
  if (scanner === undefined) return null;
  const { scans, scanTimes } = attachmentMetrics;
  const told = { attachmentId: id, userId: owner };
  const end = scanTimes.startTimer();
  try {
    const verdict = await scanner.scan(pieces(), size);
    end();
    const isUnscanned = verdict.result === 'too_large' && settings.isScanOptional;
    scans.inc({ result: isUnscanned ? 'too_large_open' : verdict.result });
    if (verdict.result === 'clean') return null;
    if (verdict.result === 'infected') {
      logger.warn({ ...told, virus: verdict.name }, 'an attachment is infected: refused');
      return 'infected';
    }
    logger.warn({ ...told, size }, 'an attachment is too large for the scanner');
    return settings.isScanOptional ? null : 'not_scanned';
  } catch (error) {
    if (!(error instanceof ImError) || error.code !== 'engine_unavailable') throw error;
    scans.inc({ result: settings.isScanOptional ? 'failed_open' : 'failed' });
    logger.warn({ ...told, err: error }, 'an attachment could not be scanned');
    if (!settings.isScanOptional) throw error;
    return null;
  }
}
