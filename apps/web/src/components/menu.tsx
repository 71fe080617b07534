import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Icon, type IconName } from './icon.tsx';

/** Px between a menu and the edge of its scroller. */
const EDGE_PX = 4;

export interface MenuProps {
  label: string;
  testId: string;
  className?: string;
  icon?: IconName;
  /** The items: `MenuItem`s, and notes. `close` closes the menu. */
  children: (close: () => void) => ReactNode;
}

/** A button that opens a menu, which arrow keys move in and Escape closes. */
export function Menu({ label, testId, className = '', icon = 'more', children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (open) menu.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [open]);

  // In a scroller, a menu is moved to where all of it is seen, also when one of its items becomes longer.
  useLayoutEffect(() => {
    const frame = menu.current?.closest('[data-scroller]')?.getBoundingClientRect();
    if (!open || menu.current === null || frame === undefined) return;
    menu.current.style.translate = '';
    const { top, bottom, left, right } = menu.current.getBoundingClientRect();
    const y = within(top, bottom, frame.top, frame.bottom);
    menu.current.style.translate = `${within(left, right, frame.left, frame.right)}px ${y}px`;
  });

  /** The focus does not get lost with what had it. */
  function close(): void {
    if (menu.current?.contains(document.activeElement)) button.current?.focus({ preventScroll: true });
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
        onClick={() => setOpen(!open)}
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

/** Px by which what reaches from `start` to `end` is moved, so that it is within `from` and `to`, or at least begins there. */
function within(start: number, end: number, from: number, to: number): number {
  const back = Math.min(0, to - EDGE_PX - end);
  return start + back < from + EDGE_PX ? from + EDGE_PX - start : back;
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
