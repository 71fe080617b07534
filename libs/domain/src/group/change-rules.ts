import type { ChangeName, GroupChange } from './group-change.ts';
import type { GroupDraft } from './group-draft.ts';
import { link, unlink } from './link-rules.ts';
import { add, approve, create, decline, join, leave, remove } from './member-rules.ts';
import { dissolve, mute, role, transfer, update } from './role-rules.ts';

/** What each change does, and who may ask for it. Errors: `ImError` with the field, for a refusal. */
export const CHANGE_RULES: { readonly [N in ChangeName]: (draft: GroupDraft, change: GroupChange<N>) => void } = {
  create,
  update,
  add,
  remove,
  leave,
  join,
  approve,
  decline,
  role,
  transfer,
  mute,
  link,
  unlink,
  dissolve,
};
