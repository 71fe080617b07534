import type { ConversationId, MessageId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useVisible } from '../../hooks/use-visible.ts';
import { texts } from '../../i18n/index.ts';
import { kindText } from '../../i18n/kind-text.ts';
import type { KindName } from '../../model/files/message-kind.ts';

/** In words, what a last message is that has no text. Looked up when its row is in view. */
export function KindPreview({ conversationId, messageId }: { conversationId: ConversationId; messageId: string }) {
  const { kinds } = useMessenger().files;
  const [place, isNear] = useVisible<HTMLSpanElement>(200);
  const [kind, setKind] = useState<KindName>();
  // A message that the server does not have yet has a key of another form.
  const isStored = /^[0-9a-f]{24}$/.test(messageId);

  useEffect(() => {
    if (!isNear || !isStored) return;
    let isLeft = false;
    void kinds.of(conversationId, messageId as MessageId).then((found) => isLeft || setKind(found));
    return () => {
      isLeft = true;
    };
  }, [kinds, conversationId, messageId, isNear, isStored]);

  return (
    <span ref={place} data-testid="kind-preview">
      {kind !== undefined && kindText(texts.files, kind)}
    </span>
  );
}
