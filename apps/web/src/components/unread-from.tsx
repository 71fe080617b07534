import { useEffect } from 'react';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';

/** The line above the first unread message. */
export function UnreadFrom({ row, seen }: { row: string; seen: () => void }) {
  const [line, isVisible] = useVisible<HTMLLIElement>();
  useEffect(() => {
    if (isVisible) seen();
  }, [isVisible, seen]);
  return (
    <li ref={line} className="unread-from" data-row={row} data-testid="unread-from">
      {texts.unreadFromHere}
    </li>
  );
}
