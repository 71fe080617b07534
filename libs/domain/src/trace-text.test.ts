import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageStep } from './message.ts';
import { decodeSteps, distinctSteps, encodeSteps } from './trace-text.ts';

const states = ['queued', 'storing', 'stored', 'unread', 'pushed_live', 'delivered'] as const;
const step: fc.Arbitrary<MessageStep> = fc
  .record({
    state: fc.constantFrom(...states),
    at: fc.integer({ min: 1.7e12, max: 1.8e12 }),
    node: fc.constantFrom('connect-1', 'business-2', 'a node'),
    retries: fc.nat(3),
  })
  .map(({ retries, ...rest }) => (retries === 0 ? rest : { ...rest, retries }));
const groups = fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 4 });

describe('the text of steps', () => {
  it('says the same however often something was appended to it', () => {
    fc.assert(
      fc.property(groups, (noted) => {
        expect(decodeSteps(noted.map(encodeSteps).join(''))).toEqual(distinctSteps(noted.flat()));
      }),
    );
  });

  it('reads what was written before steps were noted together', () => {
    const text = 'queued 1790000000000 connect-1\nstored 1790000000003 business-2\nread 1790000000009 connect-1\n';
    expect(decodeSteps(text)).toEqual([
      { state: 'queued', at: 1790000000000, node: 'connect-1' },
      { state: 'stored', at: 1790000000003, node: 'business-2' },
      { state: 'read', at: 1790000000009, node: 'connect-1' },
    ]);
  });

  it('costs a live message a few bytes a step', () => {
    const at = 1790000000000;
    const delivered: MessageStep = { state: 'delivered', at, node: 'connect-0123456789ab' };
    const more = encodeSteps([delivered, { state: 'pushed_live', at: at - 12, node: 'connect-0123456789ab' }]);
    expect(more.length - encodeSteps([delivered]).length).toBeLessThan(20);
  });
});

describe('steps', () => {
  it('stand once each, as noted first, by time', () => {
    const steps: MessageStep[] = [
      { state: 'stored', at: 5, node: 'a' },
      { state: 'queued', at: 1, node: 'a' },
      { state: 'stored', at: 9, node: 'b' },
    ];
    expect(distinctSteps(steps)).toEqual([steps[1], steps[0]]);
  });
});
