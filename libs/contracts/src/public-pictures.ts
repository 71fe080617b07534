import {
  type Attachment,
  attachedFile,
  type GroupChange,
  initialProfile,
  type LegalHold,
  type Profile,
  publicPicturePath,
  type UserId,
} from '@chasqui/domain';
import type { AttachmentStore, ConversationStore, GroupStore, HoldStore, ProfileStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples, toRecord } from './samples.ts';

/** The ledger, and the stores whose transactions say which pictures are shown. */
export interface PublicPictures {
  attachments: AttachmentStore;
  conversations: ConversationStore;
  profiles: ProfileStore;
  groups: GroupStore;
  holds: HoldStore;
}

const T = 1_767_225_600_000;
const BOUNDS = { maxGroupMembers: 100, maxGroupsPerUser: 20 };
const idOf = (n: number) => n.toString(16).padStart(32, '0');
const publicIdOfSample = (n: number) => n.toString(16).padStart(32, 'f');
const pathOf = (n: number) => publicPicturePath(publicIdOfSample(n));

/** What `ProfileStore` and `GroupStore` promise of pictures that are attachments, and the ledger of them. */
export function publicPicturesContract(name: string, harness: Harness<PublicPictures>): void {
  describe(`public pictures: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, (all) => Object.values(all) as AsyncDisposable[]);
    const ledger = () => subject.current.attachments;
    const samples = createSamples(harness.clock);
    let made = 0;

    async function upload(n: number, owner: UserId = 'ann'): Promise<Attachment> {
      const file = { id: idOf(n), owner, name: 'me.png', size: 9, type: 'image/png', sha256: idOf(n) + idOf(n) };
      await ledger().reserve({ ...file, publicId: publicIdOfSample(n), reservedAt: T });
      const stored = { size: 5, sha256: '0'.repeat(64) };
      const settled = await ledger().settle(
        file.id,
        { state: 'ready', type: 'image/webp', stored },
        harness.clock.now(),
      );
      return settled ?? expect.fail('it was reserved');
    }
    const isShown = async (n: number) => (await ledger().pictured(publicIdOfSample(n)))?.isShown ?? null;
    /** Those whose bytes are to go now, in the order of their numbers. */
    const due = async () => (await ledger().due(harness.clock.now(), 99)).sort();
    async function show(userId: UserId, avatar: string): Promise<void> {
      const [known] = await subject.current.profiles.get([userId]);
      const before: Profile = known ?? initialProfile(userId);
      expect(await subject.current.profiles.put({ ...before, avatar, version: before.version + 1 })).toBe(true);
    }
    async function change<C extends Pick<GroupChange, 'change' | 'details'>>(asked: C, by = 'ann'): Promise<void> {
      const told = { conversationId: 'team', changeId: `c${++made}`, by, at: harness.clock.now() };
      const { outcome } = await subject.current.groups.apply({ ...asked, ...told } as GroupChange, BOUNDS);
      expect(outcome.result).toBe('applied');
    }
    const create = (picture: string) =>
      change({ change: 'create', details: { name: 'Team', description: '', picture, settings: {}, members: ['bob'] } });
    const hold = (kind: LegalHold['kind'], subjectId: string, n: number): LegalHold => ({
      ...{
        holdId: n.toString(16).padStart(24, '0'),
        kind,
        subject: subjectId,
        reason: 'x',
        placedBy: 'y',
        placedAt: T,
      },
    });

    test('an upload has a public id from its beginning, and nobody shows it until a profile does', async () => {
      const file = await upload(1);
      expect(file).toMatchObject({ publicId: publicIdOfSample(1), isCleaned: true, state: 'ready' });
      expect(await ledger().get([idOf(1)])).toEqual([file]);
      expect((await ledger().page('', 9))[0]).toEqual(file);
      expect(await ledger().pictured(publicIdOfSample(1))).toEqual({ attachment: file, isShown: false });
      for (const n of [2, 0]) expect(await ledger().pictured(publicIdOfSample(n))).toBeNull();
      expect(await ledger().pictured(idOf(1))).toBeNull();
      await show('ann', pathOf(1));
      expect(await ledger().pictured(publicIdOfSample(1))).toEqual({ attachment: file, isShown: true });
      expect(await ledger().due(T * 2, 9)).toEqual([]);
      expect(await ledger().abandon('ann', 'all')).toBe(0);
    });

    test('a picture that is changed, taken away or of a removed profile is shown no more, and due at once', async () => {
      for (const n of [1, 2, 3]) await upload(n);
      await show('ann', pathOf(1));
      await show('ann', pathOf(1));
      expect(await due()).toEqual([]);
      await show('ann', pathOf(2));
      expect([await isShown(1), await isShown(2)]).toEqual([false, true]);
      expect(await due()).toEqual([idOf(1)]);
      await show('ann', 'https://example.org/ann.png');
      expect(await due()).toEqual([1, 2].map(idOf));
      // What is due is shown no more, whoever asks.
      await show('ann', pathOf(1));
      expect(await isShown(1)).toBe(false);
      await ledger().strike([1, 2].map(idOf));
      expect(await ledger().pictured(publicIdOfSample(1))).toBeNull();
      await show('ann', pathOf(3));
      for (let n = 0; n < 2; n++) await subject.current.profiles.remove('ann');
      expect(await due()).toEqual([idOf(3)]);
    });

    test('C20: nobody shows what is not there, not ready, or the upload of somebody else who does not show it', async () => {
      await upload(1, 'cat');
      const reserved = { name: 'x', size: 9, type: 'image/png', sha256: '0'.repeat(64), reservedAt: T };
      await ledger().reserve({ ...reserved, id: idOf(2), owner: 'ann', publicId: publicIdOfSample(2) });
      for (const n of [1, 2, 3]) {
        await show('ann', pathOf(n));
        expect(await isShown(n)).toBe(n === 3 ? null : false);
      }
      await show('ann', `${pathOf(1)}x`);
      expect(await isShown(1)).toBe(false);
    });

    test('a write of a profile that comes too late shows nothing', async () => {
      for (const n of [1, 2]) await upload(n);
      await show('ann', pathOf(1));
      const late = { ...initialProfile('ann'), avatar: pathOf(2), version: 1 };
      expect(await subject.current.profiles.put(late)).toBe(false);
      expect([await isShown(1), await isShown(2)]).toEqual([true, false]);
    });

    test('a group shows its picture from its creation on, until it is changed or the group dissolved', async () => {
      for (const n of [1, 2]) await upload(n);
      await upload(3, 'bob');
      await create(pathOf(1));
      expect(await isShown(1)).toBe(true);
      await change({ change: 'update', details: { name: 'Others' } });
      expect(await isShown(1)).toBe(true);
      await change({ change: 'update', details: { picture: pathOf(3) } }, 'bob');
      expect([await isShown(1), await isShown(3)]).toEqual([false, true]);
      expect(await due()).toEqual([idOf(1)]);
      await show('ann', pathOf(2));
      await change({ change: 'update', details: { picture: pathOf(2) } });
      expect(await due()).toEqual([1, 3].map(idOf));
      await change({ change: 'dissolve', details: {} });
      const [group] = await subject.current.groups.groups(['team']);
      expect(group?.picture).toBe('');
      // Ann shows it still.
      expect(await isShown(2)).toBe(true);
      await show('ann', '');
      expect(await due()).toEqual([1, 2, 3].map(idOf));
    });

    test('a message that carries it makes no picture public', async () => {
      const file = await upload(1);
      const content = { text: 'see', attachments: [attachedFile(file)] };
      await subject.current.conversations.record([toRecord(samples.message({ from: 'ann', to: 'bob', content }))]);
      expect(await isShown(1)).toBe(false);
    });

    test('a legal hold on the user or the group keeps what was shown until it is released, and nobody sees it', async () => {
      for (const n of [1, 2, 3]) await upload(n);
      const holds = [
        hold('user', 'ann', 1),
        hold('user', 'ann', 2),
        hold('conversation', 'team', 3),
        hold('user', 'cat', 4),
      ];
      for (const one of holds) await subject.current.holds.place(one);
      await show('ann', pathOf(1));
      await show('ann', pathOf(2));
      await create(pathOf(3));
      await change({ change: 'dissolve', details: {} });
      expect([await isShown(1), await isShown(2), await isShown(3)]).toEqual([false, true, false]);
      expect(await ledger().due(T * 2, 9)).toEqual([]);
      for (const { holdId } of holds.slice(0, 2)) {
        expect(await ledger().due(T * 2, 9)).toEqual([]);
        expect(await subject.current.holds.release(holdId, 9)).toBe(true);
      }
      expect(await ledger().due(T * 2, 9)).toEqual([idOf(1)]);
      expect(await subject.current.holds.release(holds[2]?.holdId ?? '', 9)).toBe(true);
      expect((await ledger().due(T * 2, 9)).sort()).toEqual([1, 3].map(idOf));
    });

    if (harness.reopen !== undefined) {
      test('what is shown survives a kill', async () => {
        for (const n of [1, 2]) await upload(n);
        await show('ann', pathOf(1));
        await create(pathOf(2));
        await subject.reopen();
        expect([await isShown(1), await isShown(2)]).toEqual([true, true]);
        await show('ann', '');
        expect(await due()).toEqual([idOf(1)]);
      });
    }
  });
}
