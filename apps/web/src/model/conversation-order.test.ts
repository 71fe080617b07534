import { DEFAULT_STATE } from '@chasqui/domain';
import { describe, expect, it } from 'vitest';
import { sampleId, sampleMessage } from '../testing/sample-message.ts';
import { type ConversationList, withMessage } from './conversation-list.ts';
import { isSilent, shownRows } from './conversation-order.ts';

const at = (n: number, peer: string) => sampleMessage(n, { conversationId: `ann~${peer}`, peer, from: peer });
const list: ConversationList = [at(1, 'bob'), at(2, 'cat'), at(3, 'dan')].reduce(withMessage, new Map());
const peers = (states: Parameters<typeof shownRows>[1]) => shownRows(list, states).map(({ peer }) => peer);
const state = (change: Partial<typeof DEFAULT_STATE>) => ({ ...DEFAULT_STATE, ...change });

describe('the list of conversations', () => {
  it('has the most recently active first, and the pinned before them', () => {
    expect(peers(new Map())).toEqual(['dan', 'cat', 'bob']);
    const pinned = new Map([
      ['ann~bob', state({ pinnedAt: 1 })],
      ['ann~cat', state({ pinnedAt: 2 })],
    ]);
    expect(peers(pinned)).toEqual(['cat', 'bob', 'dan']);
  });

  it('leaves out a hidden one until its next message', () => {
    const hidden = new Map([['ann~dan', state({ hiddenUpTo: sampleId(3) })]]);
    expect(peers(hidden)).toEqual(['cat', 'bob']);
    const shown = shownRows(withMessage(list, at(4, 'dan')), hidden);
    expect(shown[0]?.peer).toBe('dan');
  });

  it('shows nothing of what was cleared', () => {
    const cleared = new Map([['ann~dan', state({ clearedUpTo: sampleId(3) })]]);
    expect(shownRows(list, cleared)[0]).not.toHaveProperty('last');
    expect(shownRows(withMessage(list, at(4, 'dan')), cleared)[0]?.last?.preview).toBe('text 4');
  });

  it('knows until when one is silent', () => {
    expect(isSilent(DEFAULT_STATE, 5)).toBe(false);
    expect(isSilent(state({ notify: { level: 'none', until: 0 } }), 5)).toBe(true);
    expect(isSilent(state({ notify: { level: 'none', until: 5 } }), 5)).toBe(false);
  });
});
