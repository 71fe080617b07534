import type { Metrics } from '@chasqui/kit';

export type AttachmentMetrics = ReturnType<typeof createAttachmentMetrics>;

/** What is counted of attachments: uploads, their checks, and downloads. */
export function createAttachmentMetrics(metrics: Metrics) {
  const bytes = metrics.tally('attachment_bytes_total', 'Bytes of attachments: received, checked, sent', 'way');
  return {
    outcomes: metrics.counter('attachments_total', 'Attachments: announced, ready, or why they were refused', [
      'outcome',
    ]),
    bytes: (way: 'received' | 'checked' | 'sent', count: number) => bytes(way, count),
    checks: metrics.latency('attachment_check_seconds', 'Checks of uploads, by how they ended', ['result']),
    scans: metrics.counter('scans_total', 'Attachments that were to be scanned, by result', ['result']),
    scanTimes: metrics.latency('scan_seconds', 'Scans of attachments that the scanner answered'),
    looks: metrics.counter('media_total', 'Pictures, videos and sounds, by what came of looking into them', ['result']),
    lookTimes: metrics.latency('media_seconds', 'Looks into pictures, videos and sounds, with their waits', ['kind']),
  };
}
