import type { Clock } from '@chasqui/domain';
import { type Metrics, withDeadline } from '@chasqui/kit';
import type { FileScanner } from '@chasqui/ports';

interface Asking {
  clock: Clock;
  deadlineMs: number;
}

/** Whether the scanner answers in time. */
export function isThere(scanner: Pick<FileScanner, 'ping'>, { clock, deadlineMs }: Asking): Promise<boolean> {
  return withDeadline(clock, deadlineMs, scanner.ping()).then(
    () => true,
    () => false,
  );
}

/** A gauge that asks at each scrape. There is none without a scanner: it would say that one is away. */
export function watchScanner(
  metrics: Pick<Metrics, 'gauges'>,
  scanner: Pick<FileScanner, 'ping'> | undefined,
  asking: Asking,
): void {
  if (scanner === undefined) return;
  metrics.gauges({ scanner_up: 'Whether the scanner of files answers: 1, or 0' }, [], async () => [
    { labels: {}, values: { scanner_up: (await isThere(scanner, asking)) ? 1 : 0 } },
  ]);
}
