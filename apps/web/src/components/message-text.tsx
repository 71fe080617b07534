import type { ChatMessage } from '@chasqui/client';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { ALL_WORDS, mentionPieces } from '../model/mentions.ts';

/** The text of a message, with its mentions highlighted. */
export function MessageText({ message, nameOf }: { message: ChatMessage; nameOf: Chat['nameOf'] }) {
  const { content, mentions } = message;
  if (content.text === undefined) return <em>{texts.attachment}</em>;
  if (mentions === undefined) return content.text;
  const names = mentions === 'all' ? ALL_WORDS : mentions.flatMap((id) => [id, nameOf(id)]);
  let start = 0;
  return mentionPieces(content.text, names).map(({ text, isMention }) => {
    const key = start;
    start += text.length;
    return isMention ? (
      <strong key={key} className="mention" data-testid="mention">
        {text}
      </strong>
    ) : (
      <span key={key}>{text}</span>
    );
  });
}
