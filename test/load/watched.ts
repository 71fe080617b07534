/** The resources that a part of a server has used so far. */
export interface Part {
  /** Parts with the same name are summed. */
  name: string;
  /** One of our processes, not a third-party engine. */
  isOurs: boolean;
  cpuSeconds: number;
  residentMb: number;
  /** To files: by the embedded server what it handed to the kernel, by processes on engines what was to go to the disk. */
  bytesWritten: number;
}

/** A server that is observed from outside while it is under load. */
export interface Watched {
  parts(): Part[];
}

/** What parts of one name used in a while. */
export interface Used {
  isOurs: boolean;
  cpuUs: number;
  bytesWritten: number;
}

export type UsedByPart = ReadonlyMap<string, Used>;

/** The load client stands among the parts where it shares their cores. */
export const CLIENT = 'load client';

export function usedBetween(before: readonly Part[], after: readonly Part[]): UsedByPart {
  const used = new Map<string, Used>();
  const count = (parts: readonly Part[], sign: 1 | -1) => {
    for (const { name, isOurs, cpuSeconds, bytesWritten } of parts) {
      const sum = used.get(name) ?? { isOurs, cpuUs: 0, bytesWritten: 0 };
      sum.cpuUs += sign * cpuSeconds * 1e6;
      sum.bytesWritten += sign * bytesWritten;
      used.set(name, sum);
    }
  };
  count(after, 1);
  count(before, -1);
  return used;
}

/** Of all parts but the load client. */
export function totalOf(used: UsedByPart, figure: 'cpuUs' | 'bytesWritten'): number {
  return [...used].reduce((sum, [name, one]) => sum + (name === CLIENT ? 0 : one[figure]), 0);
}
