import { type RefObject, useEffect, useState } from 'react';

/** Whether the dialog is open: its content is loaded when it opens. */
export function useOpenDialog(dialog: RefObject<HTMLDialogElement | null>): boolean {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const follow = () => setOpen(element.open);
    element.addEventListener('toggle', follow);
    return () => element.removeEventListener('toggle', follow);
  }, [dialog]);
  return open;
}
