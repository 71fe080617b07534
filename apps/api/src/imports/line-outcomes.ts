import type { ImError } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';

/** What became of a line; an error names the field at fault. */
export type LineOutcome = 'imported' | 'repeated' | ImError;

/** Lines with the same key one after another, others side by side; the outcomes in the order of the lines. */
export async function outcomesOf<Line>(
  lines: readonly Line[],
  { key, atOnce }: { key: (line: Line) => string; atOnce: number },
  work: (line: Line) => Promise<LineOutcome>,
): Promise<LineOutcome[]> {
  const outcomes = new Map<Line, LineOutcome>();
  await inParallel(Map.groupBy(lines, key).values(), atOnce, async (own) => {
    for (const line of own) outcomes.set(line, await work(line));
  });
  return lines.map((line) => outcomes.get(line) as LineOutcome);
}
