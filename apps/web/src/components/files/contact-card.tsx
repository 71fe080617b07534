import type { ContactCard as Card } from '@chasqui/domain';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import { saveBlob } from '../../model/files/save-blob.ts';
import { vcardOf } from '../../model/files/vcard.ts';
import { Avatar } from '../avatar.tsx';

/** A user whom somebody has recommended. `name`: as the sender calls them, or as the page knows them. */
export function ContactCard({ contact, name }: { contact: Card; name: string }) {
  const { conversations, me } = useMessenger();
  const { userId } = contact;

  function save(): void {
    const address = `${location.origin}${location.pathname}#/${encodeURIComponent(userId)}`;
    saveBlob(new Blob([vcardOf({ userId, name }, address)]), `${name.replaceAll(/[/\\\p{Cc}]/gu, '_')}.vcf`);
  }

  return (
    <span className="message-card" data-testid="contact">
      <Avatar id={userId} name={name} />
      <span className="file-about">
        <span className="file-name">{name}</span>
        <span className="small">
          {texts.contact} · {userId}
        </span>
        <span className="card-links">
          {userId !== me && (
            <button
              type="button"
              className="link"
              onClick={() => goTo({ conversationId: conversations.start(userId) })}
              data-testid="contact-write"
            >
              {texts.files.write}
            </button>
          )}
          <button type="button" className="link" onClick={save} data-testid="contact-save">
            {texts.files.saveContact}
          </button>
        </span>
      </span>
    </span>
  );
}
