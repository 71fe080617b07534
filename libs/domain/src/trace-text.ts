import type { MessageStep, StepState } from './message.ts';

/**
 * Steps that are noted together, as lines that stores append without reading what is there. The first one has its time
 * and node; the others have their distance from it in ms, and their node only where it is another one. This keeps what a
 * live message costs in a store to a few bytes a step.
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

/** Each state once, as it was noted first, in the order of time. */
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

/** The same of steps that are no text. */
export function distinctSteps(steps: readonly MessageStep[]): MessageStep[] {
  const byState = new Map<StepState, MessageStep>();
  for (const step of steps) if (!byState.has(step.state)) byState.set(step.state, step);
  return [...byState.values()].sort((a, b) => a.at - b.at);
}
