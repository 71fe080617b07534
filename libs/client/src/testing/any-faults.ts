import fc from 'fast-check';
import type { Faults } from './world-peer.ts';

/** Any faults of a world: how often each of them happens. */
export const anyFaults: fc.Arbitrary<Faults> = fc.record({
  lose: fc.constantFrom(0, 0.1, 0.4),
  repeat: fc.constantFrom(0, 0.2),
  bus: fc.constantFrom(0, 0.1, 0.3),
  hint: fc.constantFrom(0, 0.5, 1),
  sync: fc.constantFrom(0, 0.3),
});
