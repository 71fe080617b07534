import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { AT_END, type Place, placeFrom, RowSizes, type RowWindow, rowWindow } from '../model/row-window.ts';

/** Screens of rows that are in the page above and below what is seen, … */
const AROUND = 1.2;
/** … and below how many of them more are put there. */
const NEED = 0.6;
/** Px, until the view has been measured. */
const FIRST_VIEW = 900;

export interface ShownRows extends RowWindow {
  /** For the element around the rows; each of them, and each day, has its key as `data-row`. */
  list: RefObject<HTMLDivElement | null>;
  /** Px of the rows above and below that are not in the page. */
  above: number;
  below: number;
  /** Goes to the end of the list, and stays there. */
  toEnd: () => void;
}

/**
 * Keeps only those rows in the page that are seen or near, and what the reader sees in its place, whatever becomes of the
 * rows above and below. The scroller around them (`data-scroller`) is laid out from its end (`column-reverse`).
 * `target`: the row that is brought into view, once for each such object, as soon as it is among the rows.
 */
export function useRowWindow(
  rows: readonly { key: string; kind: string }[],
  target: { key: string } | null,
): ShownRows {
  const list = useRef<HTMLDivElement>(null);
  const [heights] = useState(() => new RowSizes());
  const [place, setPlace] = useState<Place>(AT_END);
  const [view, setView] = useState(FIRST_VIEW);
  const shown = rowWindow(rows, heights, place, { view, around: AROUND * view });
  const { first, last } = shown;
  /** Where the reader is by now: `place` follows when more rows are needed. */
  const seen = useRef<Place & { scrollTop: number }>({ ...AT_END, scrollTop: 0 });
  const revealed = useRef<{ key: string }>(null);
  const now = useRef({ rows, first, last });
  now.current = { rows, first, last };

  const elements = useCallback(() => [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])], []);

  /** Reads the heights of the rows in the page. */
  const measure = useCallback(() => {
    const shown = elements();
    const tops = shown.map((element) => element.getBoundingClientRect().top);
    const end = list.current?.lastElementChild?.getBoundingClientRect().top ?? 0;
    for (const [index, element] of shown.entries()) {
      heights.set(element.dataset.row ?? '', (tops[index + 1] ?? end) - (tops[index] ?? 0));
    }
    heights.prune(now.current.rows);
  }, [elements, heights]);

  /** Notes where the reader is. Returns whether rows are missing: near what is seen, or in it. */
  const look = useCallback((): 'enough' | 'near' | 'seen' => {
    const scroller = list.current?.closest<HTMLElement>('[data-scroller]');
    if (list.current == null || scroller == null) return 'enough';
    const { rows, first, last } = now.current;
    const edge = scroller.getBoundingClientRect().top;
    const height = scroller.clientHeight;
    const { firstElementChild: before, lastElementChild: behind } = list.current;
    const top = (before?.getBoundingClientRect().bottom ?? 0) - edge;
    const bottom = (behind?.getBoundingClientRect().top ?? 0) - edge;
    const { scrollTop } = scroller;
    const atEnd = scrollTop > -1;
    // The name of a day that began further up stands first, and is not the first of the rows.
    const firstTop = bottom - heights.sum(rows, first, last);
    seen.current = { ...placeFrom(rows, heights, first, firstTop), atEnd, scrollTop };
    const isMissing = (px: number) => (first > 0 && top > -px) || (last < rows.length && bottom < height + px);
    return isMissing(0) ? 'seen' : isMissing(NEED * height) ? 'near' : 'enough';
  }, [heights]);

  /** Undoes what changed rows have moved, unless the reader has moved since. */
  const hold = useCallback(() => {
    const scroller = list.current?.closest<HTMLElement>('[data-scroller]');
    const { key, top, atEnd, scrollTop } = seen.current;
    const row = elements().find((element) => element.dataset.row === key);
    measure();
    // A list that became shorter may have pushed the reader down: that was not the reader.
    const isMine = scroller != null && scroller.scrollTop === Math.max(scrollTop, upperEnd(scroller));
    if (isMine && row !== undefined && !atEnd) {
      const moved = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - top;
      if (Math.abs(moved) > 0.5) scroller.scrollTop += moved;
    }
    if (look() !== 'enough') setPlace(seen.current);
  }, [elements, measure, look]);

  useLayoutEffect(() => {
    if (target === null || revealed.current === target) return hold();
    const index = rows.findIndex(({ key }) => key === target.key);
    if (index < 0) return hold();
    const row = elements().find((element) => element.dataset.row === target.key);
    if (row === undefined) {
      setPlace({ key: target.key, index, top: 0, atEnd: false });
      return;
    }
    revealed.current = target;
    measure();
    row.scrollIntoView({ block: 'center' });
    look();
    setPlace(seen.current);
  });

  useEffect(() => {
    const scroller = list.current?.closest<HTMLElement>('[data-scroller]');
    if (list.current === null || scroller == null) return;
    const scrolled = () => {
      const was = seen.current.atEnd;
      const missing = look();
      // What is seen must not be empty in the frame that is drawn next.
      if (missing === 'seen') flushSync(() => setPlace(seen.current));
      else if (missing === 'near' || was !== seen.current.atEnd) setPlace(seen.current);
    };
    const observer = new ResizeObserver(() => {
      setView(scroller.clientHeight);
      hold();
    });
    // What is below the list moves it as well.
    observer.observe(list.current.parentElement ?? list.current);
    observer.observe(scroller);
    scroller.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', scrolled);
    };
  }, [look, hold]);

  const toEnd = useCallback(() => {
    const scroller = list.current?.closest<HTMLElement>('[data-scroller]');
    seen.current = { ...AT_END, scrollTop: 0 };
    setPlace(AT_END);
    if (scroller != null) scroller.scrollTop = 0;
  }, []);

  return {
    list,
    first,
    last,
    above: heights.sum(rows, 0, first),
    below: heights.sum(rows, last, rows.length),
    toEnd,
  };
}

/** The `scrollTop` of the beginning, as the browser rounds it. */
function upperEnd(scroller: HTMLElement): number {
  const { scrollTop, clientHeight, scrollHeight } = scroller;
  const end = clientHeight - scrollHeight;
  return Math.abs(scrollTop - end) <= 1 ? scrollTop : end;
}
