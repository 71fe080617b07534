import { isAllowed } from '@chasqui/domain';
import { useConversation } from '../../hooks/use-conversation.ts';
import { useModal } from '../../hooks/use-modal.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { GroupDetails } from '../../live/group-details.ts';
import { useStore } from '../../store.ts';
import { LoadFailed } from '../load-failed.tsx';
import { GroupLinks } from './group-links.tsx';
import { GroupMembers } from './group-members.tsx';
import { GroupNotify } from './group-notify.tsx';
import { GroupProfileSection } from './group-profile-section.tsx';
import { GroupRequests } from './group-requests.tsx';
import { GroupSettingsSection } from './group-settings-section.tsx';
import { LeaveGroup } from './leave-group.tsx';

/** A group's profile, members, links and settings, as far as the user's role goes. */
export function GroupDialog({ chat, close }: { chat: Chat; close: () => void }) {
  const dialog = useModal();
  const { group } = useConversation(chat.conversationId);
  const hasLeft = group !== undefined && group.role === undefined;
  return (
    <dialog ref={dialog} className="card" aria-label={texts.groups.group} onClose={close} data-testid="group-dialog">
      {chat.details && <Sections details={chat.details} hasLeft={hasLeft} />}
      {!hasLeft && <GroupNotify chat={chat} />}
      <div className="buttons">
        <button
          type="button"
          className="button primary"
          onClick={() => dialog.current?.close()}
          data-testid="group-close"
        >
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}

function Sections({ details, hasLeft }: { details: GroupDetails; hasLeft: boolean }) {
  const { group } = useStore(details);
  if (hasLeft) return <p className="quiet">{texts.groups.notMember}</p>;
  if (group === undefined) return <LoadFailed retry={() => void details.load()} />;
  const { role, settings, dissolvedAt } = group;
  const isAdmin = role === 'owner' || role === 'admin';
  const isMember = role !== undefined && dissolvedAt === undefined;
  const changed = () => void details.load();
  return (
    <>
      <GroupProfileSection group={group} changed={changed} />
      <GroupMembers group={group} changed={changed} />
      {isMember && isAdmin && <GroupRequests group={group} changed={changed} />}
      {isMember && isAllowed(settings.add, role) && <GroupLinks group={group} />}
      {isMember && isAdmin && <GroupSettingsSection group={group} changed={changed} />}
      {role !== undefined && <LeaveGroup group={group} changed={changed} />}
    </>
  );
}
