import type { Metrics } from '@chasqui/kit';

export type AttachmentMetrics = ReturnType<typeof createAttachmentMetrics>;

/** Counters of what is done with uploads. */
export function createAttachmentMetrics(metrics: Metrics) {
  return {
    scans: metrics.counter('scans_total', 'Attachments that were to be scanned, by result', ['result']),
    looks: metrics.counter('media_total', 'Pictures, videos and sounds, by what came of looking into them', ['result']),
  };
}
