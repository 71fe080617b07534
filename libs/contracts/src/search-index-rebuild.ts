import { expect, test } from 'vitest';
import { ANN_BOB, type SearchHarness, searchFixture } from './search-index-fixture.ts';

export function rebuildTests(harness: SearchHarness): void {
  const { subject, index, document, add, find } = searchFixture(harness);

  test('C13: searches use the old index until the commit, and the new one after', async () => {
    const [lost, kept] = [document('lost words'), document('kept words')];
    await add(lost);
    await using rebuild = await index().rebuild();
    expect(await rebuild.index([kept])).toEqual([null]);
    await harness.settle();
    expect(await find('words')).toEqual(['lost words']);
    await rebuild.commit();
    await harness.settle();
    expect(await find('words')).toEqual(['kept words']);
  });

  test('C3: what is written meanwhile is in both, and an older copy does not overwrite it', async () => {
    const [first, second] = [document('first words'), document('second words')];
    await add(first);
    await using rebuild = await index().rebuild();
    await add({ ...first, text: 'first words again', version: 2 }, second);
    await rebuild.index([first]);
    expect(await find('words')).toEqual(['second words', 'first words again']);
    await rebuild.commit();
    await harness.settle();
    expect(await find('words')).toEqual(['second words', 'first words again']);
  });

  test('what is removed meanwhile is removed from both', async () => {
    const gone = document('gone words');
    await add(gone);
    await using rebuild = await index().rebuild();
    await rebuild.index([gone]);
    await index().remove([{ conversationId: ANN_BOB, messageId: gone.messageId }]);
    await rebuild.commit();
    await harness.settle();
    expect(await find('gone')).toEqual([]);
  });

  test('disposed without a commit, it leaves the live index as it was; the next rebuild starts empty', async () => {
    await add(document('live words'));
    {
      await using abandoned = await index().rebuild();
      await abandoned.index([document('abandoned words')]);
    }
    await harness.settle();
    expect(await find('words')).toEqual(['live words']);
    await using rebuild = await index().rebuild();
    await rebuild.index([document('fresh words')]);
    await rebuild.commit();
    await add(document('later words'));
    expect(await find('words')).toEqual(['later words', 'fresh words']);
  });

  test('C13: no rebuild is due while one is under way, nor after it has committed', async () => {
    await using rebuild = await index().rebuild();
    expect(await index().rebuildDue()).toBe(false);
    await rebuild.commit();
    expect(await index().rebuildDue()).toBe(false);
  });

  test('C3: an interrupted rebuild is gone on with where it was; what was written or removed meanwhile is in it', async () => {
    const [first, second, gone] = [document('first words'), document('second words'), document('gone words')];
    await add(first, second, gone);
    {
      await using interrupted = await index().rebuild({ resume: true });
      expect(interrupted.cursor).toBeNull();
      await interrupted.index([first, gone]);
      await interrupted.reached('after the first');
    }
    await add(document('meanwhile words'), { ...first, text: 'first words again', version: 2 });
    await index().remove([{ conversationId: ANN_BOB, messageId: gone.messageId }]);
    if (harness.reopen !== undefined) await subject.reopen();
    await add(document('later words'));
    await using rebuild = await index().rebuild({ resume: true });
    expect(rebuild.cursor).toBe('after the first');
    expect(await rebuild.index([second])).toEqual([null]);
    await harness.settle();
    await rebuild.commit();
    await harness.settle();
    expect(await find('words')).toEqual(['later words', 'meanwhile words', 'second words', 'first words again']);
    await using next = await index().rebuild({ resume: true });
    expect(next.cursor).toBeNull();
  });

  test('C3: a rebuild that is not to resume starts empty, also beside an interrupted one', async () => {
    const interrupted = await index().rebuild({ resume: true });
    await interrupted.index([document('interrupted words')]);
    await interrupted.reached('somewhere');
    await interrupted[Symbol.asyncDispose]();
    await using rebuild = await index().rebuild();
    expect(rebuild.cursor).toBeNull();
    await rebuild.index([document('fresh words')]);
    await rebuild.commit();
    await harness.settle();
    expect(await find('words')).toEqual(['fresh words']);
  });
}
