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
    expect(marked('See the Report, not preports', 'report it')).toBe('See the [Report], not preports');
    expect(marked('Ελλάδα και ελλάδα', 'ΕΛΛΆΔΑ')).toBe('[Ελλάδα] και [ελλάδα]');
  });

  it('every word of a query, also beside Chinese', () => {
    expect(marked('买了iPhone手机壳', 'iphone 手机')).toBe('买了[iPhone手机]壳');
  });

  it('the last word may be a beginning, and no other', () => {
    expect(marked('New paragraphs, one paragraph', 'new para')).toBe('[New] [para]graphs, one [para]graph');
    expect(marked('New paragraphs, one paragraph', 'para new')).toBe('[New] paragraphs, one paragraph');
  });

  it.each([
    ['İstanbul’da', 'istanbul', '[İstanbul]’da'],
    ['im Café am Straßenrand', 'cafe strassenrand', 'im [Café] am [Straßenrand]'],
    ['un cafe\u0301 noir', 'cafe', 'un [cafe\u0301] noir'],
    ['ein so\u00adft\u00ad hy', 'soft', 'ein [so\u00adft]\u00ad hy'],
    ['die ﬁnale Ｆａｓｓｕｎｇ', 'finale fassung', 'die [ﬁnale] [Ｆａｓｓｕｎｇ]'],
    ['love❤️letters', 'letters', 'love❤️[letters]'],
    ['love❤️letters', '❤', 'love[❤️]letters'],
    ['ok👍🏽!', '👍', 'ok[👍🏽]!'],
    ['by 👩🏽‍🚀🚀', '👩‍🚀', 'by [👩🏽‍🚀]🚀'],
    ['go 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'go [🏴󠁧󠁢󠁥󠁮󠁧󠁿]'],
    ['قال مَرْحَبًا لنا', 'مرحبا', 'قال [مَرْحَبًا] لنا'],
    ['葛󠄀城へ行く', '葛城', '[葛󠄀城]へ行く'],
    ['ฉันรักภาษาไทยมาก', 'ภาษาไทย', 'ฉันรัก[ภาษาไทย]มาก'],
  ])('the characters of the text itself: %s', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
    expect(highlight('', query)).toEqual([]);
  });

  it('and shown near the beginning of an excerpt', () => {
    const [lead, hit] = highlightedExcerpt(`${'long '.repeat(40)}before the word`, 'word');
    expect(lead?.text).toMatch(/^….{1,40}before the $/);
    expect(hit).toEqual({ text: 'word', found: true });
    expect(highlightedExcerpt('short word', 'word')[0]?.text).toBe('short ');
  });
});
