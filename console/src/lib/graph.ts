import type { StatusRole } from './status';

/** A stone of the picture. */
export interface Stone {
  id: string;
  /** In which column it stands, from the left. */
  column: number;
  /** In which lane, from the top; halves stand between two lanes. */
  lane: number;
  title: string;
  /** A second line. */
  about?: string;
  role?: StatusRole;
  href?: string;
}

/** A line between two stones. */
export interface Line {
  from: string;
  to: string;
  /** Between 0 and 1: how thick it is. */
  score: number;
  /** The reason, written on the line. */
  reason: string;
}

/** The size of a stone and the distances between stones, in pixels. */
export const STONE = { width: 176, height: 60, down: 88, columns: [0, 276, 496, 928] } as const;

/** Where the corner of a stone stands. */
export function placeOf(stone: Stone): { x: number; y: number } {
  return { x: STONE.columns[stone.column] ?? stone.column * 300, y: stone.lane * STONE.down };
}

/** The size of the whole picture. */
export function sizeOf(stones: readonly Stone[]): { width: number; height: number } {
  const places = stones.map(placeOf);
  return {
    width: Math.max(...places.map((place) => place.x), 0) + STONE.width,
    height: Math.max(...places.map((place) => place.y), 0) + STONE.height
  };
}
