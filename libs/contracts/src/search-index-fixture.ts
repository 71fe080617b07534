import { directConversation, type UserId } from '@chasqui/domain';
import type { SearchDocument, SearchIndex, SearchQuery } from '@chasqui/ports';
import { expect } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples } from './samples.ts';

export interface SearchHarness extends Harness<SearchIndex> {
  /** Resolves when a search sees the effects of every resolved `index`, `remove` and `commit` (within 2 s). */
  settle(): Promise<void>;
}

export const ANN = 'ann';
export const BOB = 'bob';
export const CAT = 'cat';
export const ANN_BOB = directConversation(ANN, BOB);

export function searchFixture(harness: SearchHarness) {
  const subject = subjectOf(harness, (index) => [index]);
  const samples = createSamples(harness.clock);
  const document = (text: string, fields: Partial<SearchDocument> & { from?: UserId; to?: UserId } = {}) => {
    const { from = ANN, to = BOB, ...given } = fields;
    const { messageId, conversationId, sentAt } = samples.message({ from, to });
    return {
      messageId,
      conversationId,
      from,
      logs: [from, to],
      sentAt,
      text,
      status: 'stored',
      version: 1,
      ...given,
    } as SearchDocument;
  };
  return {
    subject,
    index: () => subject.current,
    document,
    /** Indexes documents and waits until searches see them. */
    async add(...documents: SearchDocument[]): Promise<void> {
      expect(await subject.current.index(documents)).toEqual(documents.map(() => null));
      await harness.settle();
    },
    /** The texts that a search finds, newest first; Bob's by default. */
    async find(text: string, query: Partial<SearchQuery> = {}): Promise<string[]> {
      return (await subject.current.search({ logs: [BOB], text, limit: 50, ...query })).map((hit) => hit.text);
    },
  };
}
