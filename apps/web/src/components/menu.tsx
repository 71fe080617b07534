import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import { type MenuActions, useMenuActions } from '../hooks/menu/use-context-menu.ts';
import { type MenuPoint, useMenuPlace } from '../hooks/menu/use-menu-place.ts';
import { Icon, type IconName } from './icon.tsx';

export interface MenuProps {
  label: string;
  testId: string;
  className?: string;
  icon?: IconName;
  /** Gets what opens the menu otherwise than by its button. */
  handle?: RefObject<MenuActions | null> | undefined;
  /** The items: `MenuItem`s, and notes. `close` closes the menu. */
  children: (close: () => void) => ReactNode;
}

/** A button that opens a menu, which arrow keys move in and Escape closes. */
export function Menu({ label, testId, className = '', icon = 'more', handle, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState<MenuPoint>();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  /** What had the focus, and gets it back. */
  const before = useRef<Element>(null);
  useMenuPlace(menu, open, at);
  useMenuActions(handle, opened);

  useEffect(() => {
    if (open) menu.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [open]);

  function opened(point?: MenuPoint): void {
    if (open) return;
    before.current = document.activeElement;
    setAt(point);
    setOpen(true);
  }

  /** The focus does not get lost with what had it. */
  function close(): void {
    const { current: former } = before;
    const isThere = former instanceof HTMLElement && former.isConnected && former !== document.body;
    if (menu.current?.contains(document.activeElement)) {
      (isThere ? former : button.current)?.focus({ preventScroll: true });
    }
    setOpen(false);
  }

  function keyPressed(event: KeyboardEvent): void {
    const { key } = event;
    const items = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    if (key === 'ArrowDown' || key === 'ArrowRight') items[(at + 1) % items.length]?.focus();
    if (key === 'ArrowUp' || key === 'ArrowLeft') items.at(at - 1)?.focus();
    if (key !== 'Escape') return;
    // A dialog around the menu stays open.
    event.preventDefault();
    close();
  }

  function left({ currentTarget, relatedTarget }: FocusEvent): void {
    if (!currentTarget.parentElement?.contains(relatedTarget)) setOpen(false);
  }

  return (
    <div className={`menu-frame ${className}`} data-open={open}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => (open ? setOpen(false) : opened())}
        data-testid={testId}
      >
        <Icon name={icon} />
      </button>
      {open && (
        <div ref={menu} className="menu" role="menu" tabIndex={-1} onKeyDown={keyPressed} onBlur={left}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

export interface MenuItemProps {
  text: string;
  testId?: string;
  disabled?: boolean;
  choose: () => void;
}

export function MenuItem({ text, testId, disabled = false, choose }: MenuItemProps) {
  return (
    <button type="button" role="menuitem" disabled={disabled} onClick={choose} data-testid={testId}>
      {text}
    </button>
  );
}

/** Why what was chosen did not work. */
export function MenuError({ text }: { text: string }) {
  return text === '' ? null : (
    <p className="small" role="alert">
      {text}
    </p>
  );
}
