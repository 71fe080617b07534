import type { MessageStep, StepState } from './message.ts';

/**
 * Encodes steps that are recorded together, as lines that stores append without reading the earlier ones. The first
 * line has an absolute time and a node; the others have their offset from it in ms, and a node only if it differs. A
 * step of a live message thus takes only a few bytes in a store.
 */
export function encodeSteps(steps: readonly MessageStep[]): string {
  const [first, ...rest] = steps;
  if (first === undefined) return '';
  let text = `${headOf(first)} ${first.at} ${first.node}\n`;
  for (const step of rest) {
    const distance = step.at - first.at;
    const node = step.node === first.node ? '' : ` ${step.node}`;
    text += `${headOf(step)} ${distance < 0 ? '' : '+'}${distance}${node}\n`;
  }
  return text;
}

function headOf({ state, retries = 0 }: MessageStep): string {
  return retries > 0 ? `${state}*${retries}` : state;
}

/** Each state once, from its first line, in chronological order. */
export function decodeSteps(text: string): MessageStep[] {
  const steps: MessageStep[] = [];
  let first = { at: 0, node: '' };
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [head = '', time = '', ...words] = line.split(' ');
    const [state = '', retries] = head.split('*');
    const isFirst = time[0] !== '+' && time[0] !== '-';
    const node = words.join(' ');
    if (isFirst) first = { at: Number(time), node };
    steps.push({
      state: state as StepState,
      at: isFirst ? first.at : first.at + Number(time),
      node: isFirst || node !== '' ? node : first.node,
      ...(retries === undefined ? {} : { retries: Number(retries) }),
    });
  }
  return distinctSteps(steps);
}

/** Each state once, from its first step, in chronological order. */
export function distinctSteps(steps: readonly MessageStep[]): MessageStep[] {
  const byState = new Map<StepState, MessageStep>();
  for (const step of steps) if (!byState.has(step.state)) byState.set(step.state, step);
  return [...byState.values()].sort((a, b) => a.at - b.at);
}
