import { expect, test } from 'vitest';
import { ANN, BOB, CAT, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';

/** Ids of answers sort behind what they answer, whatever their nodes' clocks say. */
export function answerTests(harness: ConversationsHarness): void {
  const { conversations, samples, record } = conversationsFixture(harness);
  type Ids = [string, string, string, string, ...string[]];
  /** At least four ids. */
  const ids = (count = 4) => Array.from({ length: count }, () => samples.nextId()) as Ids;

  test('C5: an answer keeps its id, though its question is recorded behind it', async () => {
    const [question, answer, later] = ids();
    const answered = { from: BOB, to: ANN, messageId: answer, after: question };
    expect((await record(answered)).messageId).toBe(answer);
    expect((await record({ messageId: later, fromDevice: 'laptop' })).messageId).toBe(later);
    expect((await record({ messageId: question })).messageId).toBe(question);
  });

  test('C5: where a question gets a new id, its answer and what answers that follow', async () => {
    const [question, answer, more, behind] = ids();
    await record({ messageId: behind });
    const moved = await record({ messageId: question });
    expect(moved.messageId > behind).toBe(true);
    const second = await record({ from: BOB, to: ANN, messageId: answer, after: question });
    expect(second.messageId > moved.messageId).toBe(true);
    const third = await record({ messageId: more, after: answer, fromDevice: 'laptop' });
    expect(third.messageId > second.messageId).toBe(true);
    const [fresh] = ids();
    expect((await record({ messageId: fresh, after: third.messageId })).messageId).toBe(fresh);
  });

  test('C5: an answer to the second copy of a question follows the id that the question has', async () => {
    const [copy, answer, first] = ids();
    const question = await record({ messageId: first });
    await conversations().record([{ ...question, messageId: copy }]);
    const { messageId } = await record({ from: BOB, to: ANN, messageId: answer, after: copy });
    expect(messageId > question.messageId).toBe(true);
  });

  test('C5: what a device says to have seen counts as far as the conversation has come', async () => {
    const [early, answer, question] = ids();
    await record({ messageId: question });
    const followed = await record({ from: BOB, to: ANN, messageId: early, after: question });
    expect(followed.messageId > question).toBe(true);
    const invented = `${(harness.clock.now() + 86_400_000).toString(16).padStart(12, '0')}000000000001`;
    expect((await record({ from: CAT, to: ANN, messageId: answer, after: invented })).messageId).toBe(answer);
  });

  test('C5: an answer that is recorded before its question sorts behind it, though its node’s clock was behind', async () => {
    const [early, question] = ids();
    const answer = await record({ from: BOB, to: ANN, messageId: early, after: question });
    expect(answer.messageId > question).toBe(true);
    expect((await record({ messageId: question })).messageId).toBe(question);
    const next = ids();
    await record({ messageId: next[3] });
    const second = await record({ messageId: next[2], from: BOB, to: ANN, after: question });
    expect(second.messageId).toBe(next[2]);
  });
}
