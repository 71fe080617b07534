import type { ChatMessage } from '@chasqui/client';
import type { ReactNode } from 'react';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { ALL_WORDS, mentionPieces } from '../model/mentions.ts';
import { linkPieces } from '../model/text-links.ts';
import { ContactCard } from './files/contact-card.tsx';
import { LocationCard } from './files/location-card.tsx';

/** The text of a message, with its links, and with its mentions highlighted. */
export function MessageText({ message, nameOf }: { message: ChatMessage; nameOf: Chat['nameOf'] }) {
  const { content, mentions } = message;
  const { location, contact } = content;
  if (location !== undefined || contact !== undefined) {
    const { location: _, contact: __, ...others } = content;
    return (
      <>
        {location !== undefined && <LocationCard location={location} />}
        {contact !== undefined && <ContactCard contact={contact} name={contact.name ?? nameOf(contact.userId)} />}
        {others.text !== undefined && <MessageText message={{ ...message, content: others }} nameOf={nameOf} />}
      </>
    );
  }
  if (content.text === undefined) return content.attachments === undefined && <em>{texts.attachment}</em>;
  const names =
    mentions === undefined ? [] : mentions === 'all' ? ALL_WORDS : mentions.flatMap((id) => [id, nameOf(id)]);
  return linked(content.text, (plain) => mentioned(plain, names));
}

/** Links lead out of the page, which the other site learns nothing of. */
function linked(text: string, plain: (text: string) => ReactNode): ReactNode {
  return keyed(linkPieces(text), ({ text, href }, key) =>
    href === undefined ? (
      <span key={key}>{plain(text)}</span>
    ) : (
      <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow" data-testid="link">
        {text}
      </a>
    ),
  );
}

function mentioned(text: string, names: readonly string[]): ReactNode {
  if (names.length === 0) return text;
  return keyed(mentionPieces(text, names), ({ text, isMention }, key) =>
    isMention ? (
      <strong key={key} className="mention" data-testid="mention">
        {text}
      </strong>
    ) : (
      <span key={key}>{text}</span>
    ),
  );
}

/** Each piece's key is where it starts. */
function keyed<T extends { text: string }>(
  pieces: readonly T[],
  shown: (piece: T, key: number) => ReactNode,
): ReactNode {
  let start = 0;
  return pieces.map((piece) => {
    const key = start;
    start += piece.text.length;
    return shown(piece, key);
  });
}
