import { createManualClock } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import { type CutOff, NO_CUT_OFF } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { SessionCutOffs } from './session-cut-offs.ts';

const DAY = 24 * 3600_000;

/**
 * Ann's cut-offs: her phone's sessions ended at 2 000 (generation 5), those of all her devices at 1 000 (generation 3).
 */
function annsCutOffs() {
  const clock = createManualClock(10_000);
  const store = { ...NO_CUT_OFF, generation: 3, issuedBefore: 1_000, current: 7 };
  const cutOffs = async (keys: readonly { userId: string; deviceId: string }[]): Promise<CutOff[]> =>
    keys.map(({ userId, deviceId }) => {
      if (userId !== 'ann') return NO_CUT_OFF;
      return deviceId === 'phone' ? { ...store, generation: 5, issuedBefore: 2_000 } : { ...store };
    });
  const subject = new SessionCutOffs({ revocations: { cutOffs }, clock, logger: silentLogger });
  return { clock, store, subject };
}

const refused = (check: Promise<void>, code = 'token_invalid') => expect(check).rejects.toMatchObject({ code });

test('a token without a generation stands unless sessions were ended after it was issued', async () => {
  const { subject } = annsCutOffs();
  const token = { userId: 'ann', issuedAt: 1_500 };
  await subject.check(token);
  await subject.check({ ...token, issuedAt: 1_000 });
  await subject.check({ ...token, userId: 'bob', issuedAt: 0 });
  await refused(subject.check({ ...token, issuedAt: 999 }));
  await refused(subject.check({ ...token, deviceId: 'phone' }));
  await refused(subject.check(token, 'phone'));
  await refused(subject.check({ ...token, issuedAt: 0 }, 'web'));
});

test('a token of ours is compared by its generation, whatever the clocks said', async () => {
  const { subject } = annsCutOffs();
  for (const issuedAt of [0, 1_500, 10_000 + DAY]) {
    const token = { userId: 'ann', issuedAt };
    await subject.check({ ...token, generation: 3 });
    await subject.check({ ...token, generation: 5, deviceId: 'phone' });
    await refused(subject.check({ ...token, generation: 2 }));
    await refused(subject.check({ ...token, generation: 4 }, 'phone'));
  }
});

test('a token that says it was issued in a time to come is older than any cut-off, beyond a minute for clocks', async () => {
  const { subject, clock } = annsCutOffs();
  const at = (issuedAt: number) => subject.check({ userId: 'ann', issuedAt });
  await at(clock.now() + 60_000);
  await refused(at(clock.now() + 60_001));
  await refused(at(clock.now() + DAY));
  // A user without revocations keeps their session, even after the machine's clock was set back.
  await subject.check({ userId: 'bob', issuedAt: clock.now() + DAY });
});

test('what is asked again is asked of the store, beside what is known', async () => {
  const { subject, store } = annsCutOffs();
  const token = { userId: 'ann', issuedAt: 0, generation: 3 };
  await subject.check(token);
  store.generation = 4;
  await subject.check(token);
  await refused(subject.checkAgain(token));
  await refused(subject.check(token));
  store.disabled = true;
  await refused(subject.checkAgain({ ...token, generation: 9 }), 'user_disabled');
  expect(await subject.read('ann')).toMatchObject({ current: 7, disabled: true });
});
