import type { ImError } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';

/** What became of a line; an error names the field at fault. */
export type LineOutcome = 'imported' | 'repeated' | ImError;

/**
 * Lines with the same key one after another, others side by side, `atOnce` in parallel; the outcomes in the order of the
 * lines.
 */
export async function outcomesOf<Line, Outcome = LineOutcome>(
  lines: readonly Line[],
  { key, atOnce }: { key: (line: Line) => string; atOnce: number },
  work: (line: Line) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes = new Map<Line, Outcome>();
  await inParallel(Map.groupBy(lines, key).values(), atOnce, async (own) => {
    for (const line of own) outcomes.set(line, await work(line));
  });
  return lines.map((line) => outcomes.get(line) as Outcome);
}
