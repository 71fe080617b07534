import type { GroupMember } from '@chasqui/client';
import type { GroupBody } from '../../groups-api.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { locale, texts } from '../../i18n/index.ts';
import { type MemberAction, memberActions } from '../../model/member-actions.ts';
import { soon } from '../../model/time-names.ts';
import { Menu, MenuItem } from '../menu.tsx';
import { PersonRow } from '../people/person-row.tsx';

const HOUR_MS = 3_600_000;

export interface MemberRowProps {
  group: GroupBody;
  member: GroupMember;
  act: (action: () => Promise<unknown>) => void;
}

/** A member with their role, and what the user may do with them. */
export function MemberRow({ group, member, act }: MemberRowProps) {
  const { groups, me } = useMessenger();
  const { conversationId } = group;
  const { userId, displayName, role, mutedUntil = 0 } = member;
  const now = Date.now();
  const actions = memberActions(group, member, me, now);
  const calls: Record<MemberAction, () => Promise<unknown>> = {
    makeAdmin: () => groups.setRole(conversationId, userId, 'admin'),
    takeAdmin: () => groups.setRole(conversationId, userId, 'member'),
    transfer: () => groups.transfer(conversationId, userId),
    muteHour: () => groups.mute(conversationId, member, Date.now() + HOUR_MS),
    muteDay: () => groups.mute(conversationId, member, Date.now() + 24 * HOUR_MS),
    unmute: () => groups.mute(conversationId, member, 0),
    remove: () => groups.remove(conversationId, userId),
  };
  return (
    <PersonRow userId={userId} name={displayName}>
      <span className="quiet small" data-testid="member-role">
        {userId === me && `${texts.you} · `}
        {mutedUntil > now ? texts.groups.muted(soon(mutedUntil - now, locale)) : texts.groups.roles[role]}
      </span>
      {actions.length > 0 && (
        <Menu label={texts.groups.memberMenu(displayName)} testId="member-menu">
          {(close) =>
            actions.map((action) => (
              <MenuItem
                key={action}
                text={texts.groups[action]}
                testId={`member-${action}`}
                choose={() => {
                  close();
                  act(calls[action]);
                }}
              />
            ))
          }
        </Menu>
      )}
    </PersonRow>
  );
}
