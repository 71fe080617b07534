import { describe, expect, it } from 'vitest';
import { mentionPieces, mentionQuery, mentionSuggestions, mentionsIn } from './mentions.ts';

const members = [
  { userId: 'u1', displayName: 'Ann' },
  { userId: 'u2', displayName: 'Anna Li' },
  { userId: 'u3', displayName: '李明' },
];

describe('mentions', () => {
  it('begin with an @ that is not within a word', () => {
    expect(mentionQuery('Hello @an')).toEqual({ start: 6, text: 'an' });
    expect(mentionQuery('你好@')).toEqual({ start: 2, text: '' });
    expect(mentionQuery('write to ann@example')).toBeUndefined();
    expect(mentionQuery('@ann and')).toBeUndefined();
  });

  it('suggest members by name or id, those first that begin with it', () => {
    const names = (text: string) => mentionSuggestions(members, { start: 0, text }).map(({ userId }) => userId);
    expect(names('AN')).toEqual(['u1', 'u2']);
    expect(names('明')).toEqual(['u3']);
    expect(names('u3')).toEqual(['u3']);
    expect(names('li')).toEqual(['u2']);
    expect(names('zoe')).toEqual([]);
  });

  it('C21: name exactly the members that the text names, the longest name first', () => {
    expect(mentionsIn('@Anna Li, @李明你好', members)).toEqual(['u2', 'u3']);
    expect(mentionsIn('@Annabel and ann', members)).toBeUndefined();
    expect(mentionsIn('@u1!', members)).toEqual(['u1']);
    expect(mentionsIn('@Ann @all', members)).toBe('all');
    const li = ['Li', 'Li Ming'].map((displayName) => ({ userId: displayName.replace(' ', '.'), displayName }));
    expect(mentionsIn('@Li Ming', li)).toEqual(['Li.Ming']);
  });

  it('are pieces of the text, which is whole', () => {
    const pieces = mentionPieces('Hi @Ann, @Anna Li', ['Ann', 'Anna Li']);
    expect(pieces.map(({ text }) => text).join('')).toBe('Hi @Ann, @Anna Li');
    expect(pieces.filter(({ isMention }) => isMention).map(({ text }) => text)).toEqual(['@Ann', '@Anna Li']);
  });
});
