import { describe, expect, it } from 'vitest';
import { highlight, highlightedExcerpt } from './highlight.ts';

const marked = (text: string, query: string) =>
  highlight(text, query)
    .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
    .join('');

describe('what a search found is marked', () => {
  it('C13: Chinese by any part', () => {
    expect(marked('我明天到北京大学去', '北京')).toBe('我明天到[北京]大学去');
    expect(marked('我明天到北京大学去', '京大学')).toBe('我明天到北[京大学]去');
  });

  it('C13: other scripts by words, whatever the case', () => {
    expect(marked('See the Report, not reporting', 'report')).toBe('See the [Report], not reporting');
    expect(marked('Ελλάδα και ελλάδα', 'ΕΛΛΆΔΑ')).toBe('[Ελλάδα] και [ελλάδα]');
  });

  it('every word of a query, also beside Chinese', () => {
    expect(marked('买了iPhone手机壳', 'iphone 手机')).toBe('买了[iPhone手机]壳');
  });

  it('nothing where letters cannot be placed', () => {
    expect(marked('İstanbul', 'istanbul')).toBe('İstanbul');
    expect(highlight('', 'x')).toEqual([]);
  });

  it('and shown near the beginning of an excerpt', () => {
    const [lead, hit] = highlightedExcerpt(`${'long '.repeat(40)}before the word`, 'word');
    expect(lead?.text).toMatch(/^….{1,40}before the $/);
    expect(hit).toEqual({ text: 'word', found: true });
    expect(highlightedExcerpt('short word', 'word')[0]?.text).toBe('short ');
  });
});
