import type { Contract } from '../checker/index.ts';
import type { Plan, Step } from './plan.ts';
import { type RunResult, runPlan } from './run-plan.ts';
import type { Breakage } from './world.ts';

/** The number of runs allowed for shrinking one failing seed. */
const MAX_RUNS = 150;

/**
 * The shortest plan found that still breaks one of the contracts that the whole plan broke first: ever smaller parts of
 * the steps are removed as long as the violation remains (delta debugging, Zeller and Hildebrandt, 2002).
 */
export async function shrink(failed: RunResult, breakage: Breakage = {}): Promise<RunResult> {
  const contract = failed.violations[0]?.contract;
  if (contract === undefined) return failed;
  let best = failed;
  let runs = 0;
  const holds = async (plan: Plan): Promise<boolean> => {
    runs++;
    const result = await runPlan(plan, breakage).catch(() => null);
    if (result === null || !breaks(result, contract)) return false;
    best = result;
    return true;
  };
  for (let size = Math.ceil(best.plan.steps.length / 2); size >= 1 && runs < MAX_RUNS; ) {
    const before = best.plan.steps.length;
    for (let from = 0; from < best.plan.steps.length && runs < MAX_RUNS; ) {
      const steps = without(best.plan.steps, from, size);
      if (!(await holds({ ...best.plan, steps }))) from += size;
    }
    if (size === 1 && best.plan.steps.length === before) break;
    size = size === 1 ? 1 : Math.floor(size / 2);
  }
  return best;
}

function breaks({ violations }: RunResult, contract: Contract): boolean {
  return violations.some((violation) => violation.contract === contract);
}

function without(steps: readonly Step[], from: number, size: number): Step[] {
  return [...steps.slice(0, from), ...steps.slice(from + size)];
}
