/** Where a walk through a list stands: at a page, and how many of its items have been handed out already. */
export interface Position {
  /** Counted from 1, whatever the vendor pages by. */
  readonly number: number;
  /** Items before this page. */
  readonly offset: number;
  /** The vendor's own mark of the page; undefined on the first page and for vendors without one. */
  readonly token: string | undefined;
  /** Items asked for a page; the same on every page of one walk. */
  readonly size: number;
  readonly skip: number;
}

/** Where a list begins. */
export function firstPosition(size: number): Position {
  return { number: 1, offset: 0, token: undefined, size, skip: 0 };
}
