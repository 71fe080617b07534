import type { ChangeDetails } from '../group/group-change.ts';
import { GroupModel } from './group-model.ts';

/** A group of an owner, two admins, a plain member and a muted one; others are strangers. */
export function team(settings: Partial<ChangeDetails['create']['settings']> = {}): GroupModel {
  const group = new GroupModel();
  group.must('owner', 'create', {
    ...{ name: 'Team', description: '', picture: '', settings },
    members: ['admin', 'admin2', 'plain', 'muted'],
  });
  for (const userId of ['admin', 'admin2']) group.must('owner', 'role', { userId, role: 'admin' });
  group.must('owner', 'mute', { userId: 'muted', until: 1_000_000 });
  return group;
}
